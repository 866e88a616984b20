package io.centralita;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.centralita.SettingReader.BadSetting;
import io.centralita.access.Keys;
import io.centralita.cluster.Limit;
import io.centralita.contacts.Importing;
import io.centralita.extraction.Extracting;
import io.centralita.extraction.Limits;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.Runs;
import io.centralita.lookup.Lookup;
import io.centralita.outside.Backoff;
import io.centralita.outside.Circuit;
import io.centralita.outside.Socks5;
import io.centralita.proxy.Proxies;
import io.centralita.proxy.Rules;
import io.centralita.validation.Validating;
import io.centralita.webhooks.Webhooks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node was told, read once. Every setting stands in application.conf with its default and
 * its variable; a setting that makes no sense stops the start with a sentence that names it.
 */
public record Settings(
    Http http,
    Path dataDir,
    Db db,
    Redis redis,
    Optional<String> adminKey,
    Portal portal,
    Proxies.Settings proxy,
    Optional<URI> proxyTestUrl,
    String proxies,
    Optional<String> secretsKeys,
    Lookup.Settings lookup,
    Importing.Settings importing,
    Extracting.Settings extracting,
    Validating.Settings validating,
    Webhooks.Settings webhooks,
    Cluster cluster) {

  public record Http(String host, int port, Duration requestTimeout, Duration stopWithin) {}

  /**
   * @param url empty for an embedded server
   */
  public record Db(
      String url, String user, String password, int connections, int journalConnections) {
    @Override
    public String toString() {
      return "Db[url=" + url + "]";
    }
  }

  /**
   * @param url empty for an embedded server
   */
  public record Redis(String url, Duration timeout) {
    @Override
    public String toString() {
      return "Redis[]";
    }
  }

  /** The operator portal's two hosts, where they are given, and how it is called. */
  public record Portal(
      Optional<Hosts> hosts,
      boolean direct,
      Optional<Path> caFile,
      Duration timeout,
      int tries,
      Duration backoffFirst,
      Duration backoffLongest,
      Circuit.Settings circuit,
      int callsAtOnce) {
    public record Hosts(URI web, URI api) {}
  }

  /**
   * Where the node's peers reach it.
   *
   * @param seedNodes {@code host:port} of nodes to join; empty for those that the database knows
   */
  public record Cluster(
      String host, int port, int managementPort, String appVersion, List<String> seedNodes) {}

  /** The variables that hold secrets, and the settings they are for. */
  private static final Map<String, String> SECRETS =
      Map.of(
          "CENTRALITA_DB_PASSWORD", "centralita.db.password",
          "CENTRALITA_REDIS_URL", "centralita.redis.url",
          "CENTRALITA_ADMIN_KEY", "centralita.admin-key",
          "CENTRALITA_PROXIES", "centralita.proxies",
          "CENTRALITA_SECRETS_KEY", "centralita.secrets.key");

  /**
   * The whole configuration, resolved: system properties, then the overrides, then the secrets that
   * the environment names files for, then application.conf with the environment's variables.
   */
  static Config load(Config overrides, Map<String, String> environment) {
    ConfigFactory.invalidateCaches(); // system properties may have changed
    return ConfigFactory.load(
        overrides
            .withFallback(secretsFromFiles(environment))
            .withFallback(ConfigFactory.defaultApplication()));
  }

  private static Config secretsFromFiles(Map<String, String> environment) {
    var secrets = new HashMap<String, ConfigValue>();
    var all = new HashMap<>(SECRETS);
    all.putAll(ValidationSettings.secrets());
    all.forEach(
        (variable, path) -> {
          var file = environment.get(variable + "_FILE");
          if (file != null) {
            var secret = read(variable + "_FILE", Path.of(file));
            secrets.put(
                path, ConfigValueFactory.fromAnyRef(secret, "env var " + variable + "_FILE"));
          }
        });
    return ConfigFactory.parseMap(secrets);
  }

  private static String read(String variable, Path file) {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException _) {
      throw new BadSetting(variable, "there is no file " + file);
    } catch (IOException _) {
      throw new BadSetting(variable, "the file " + file + " cannot be read");
    }
  }

  /** Reads {@code centralita} of the configuration. */
  static Settings of(Config whole) {
    var settings = new SettingReader(whole.getConfig("centralita"));
    return new Settings(
        http(settings),
        Path.of(settings.text("data-dir")),
        db(settings),
        redis(settings),
        adminKey(settings),
        portal(settings),
        proxy(settings),
        testUrl(settings),
        proxies(settings),
        Optional.of(settings.text("secrets.key")).filter(keys -> !keys.isEmpty()),
        lookup(settings),
        importing(settings),
        extracting(settings),
        ValidationSettings.read(settings, timeouts(settings)),
        WebhookSettings.read(settings),
        cluster(settings));
  }

  private static Http http(SettingReader settings) {
    var host = settings.text("http.host");
    try {
      var _ = InetAddress.getByName(host);
    } catch (UnknownHostException _) {
      throw settings.bad("http.host", "there is no host called '" + host + "'");
    }
    return new Http(
        host,
        settings.port("http.port"),
        settings.duration("http.request-timeout"),
        settings.duration("http.stop-within"));
  }

  private static Db db(SettingReader settings) {
    var url = settings.text("db.url");
    if (!url.isEmpty() && !url.startsWith("jdbc:postgresql:")) {
      throw settings.bad("db.url", "expected jdbc:postgresql://host:port/database");
    }
    return new Db(
        url,
        settings.text("db.user"),
        settings.text("db.password"),
        settings.number("db.connections", 1, 1000),
        settings.number("db.journal-connections", 1, 1000));
  }

  private static Redis redis(SettingReader settings) {
    var url = settings.text("redis.url");
    if (!url.isEmpty() && !url.matches("rediss?://.+")) {
      throw settings.bad("redis.url", "expected redis://:password@host:port");
    }
    return new Redis(url, settings.duration("redis.timeout"));
  }

  private static Optional<String> adminKey(SettingReader settings) {
    var key = settings.text("admin-key");
    if (!key.isEmpty()) {
      try {
        Keys.requireStrong(key);
      } catch (IllegalArgumentException e) {
        throw settings.bad("admin-key", String.valueOf(e.getMessage()));
      }
    }
    return Optional.of(key).filter(k -> !k.isEmpty());
  }

  private static Portal portal(SettingReader settings) {
    var web = settings.text("portal.web-url");
    var api = settings.text("portal.api-url");
    if (web.isEmpty() != api.isEmpty()) {
      throw new BadSetting(
          web.isEmpty() ? "CENTRALITA_PORTAL_WEB_URL" : "CENTRALITA_PORTAL_API_URL",
          "missing: the portal needs both of its hosts");
    }
    var ca = settings.text("portal.ca-file");
    if (!ca.isEmpty() && !Files.isReadable(Path.of(ca))) {
      throw settings.bad("portal.ca-file", "the file " + ca + " cannot be read");
    }
    return new Portal(
        web.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Portal.Hosts(settings.url("portal.web-url"), settings.url("portal.api-url"))),
        settings.flag("portal.direct"),
        ca.isEmpty() ? Optional.empty() : Optional.of(Path.of(ca)),
        settings.duration("portal.timeout"),
        settings.number("portal.tries", 1, 100),
        settings.duration("portal.backoff.first"),
        settings.duration("portal.backoff.longest"),
        circuit(settings),
        settings.number("portal.calls-at-once", 1, 100_000));
  }

  private static Circuit.Settings circuit(SettingReader settings) {
    var first = settings.duration("portal.circuit.first");
    var longest = settings.duration("portal.circuit.longest");
    if (longest.compareTo(first) < 0) {
      throw settings.bad("portal.circuit.longest", "shorter than portal.circuit.first");
    }
    var failures = settings.number("portal.circuit.failures", 1, 1_000_000);
    return new Circuit.Settings(failures, new Backoff(first, longest, 2));
  }

  private static String proxies(SettingReader settings) {
    var list = settings.text("proxies");
    try {
      var _ = Socks5.parse(list);
    } catch (IllegalArgumentException e) {
      throw settings.bad("proxies", String.valueOf(e.getMessage()));
    }
    return list;
  }

  private static Lookup.Settings lookup(SettingReader settings) {
    return new Lookup.Settings(
        settings.bytes("http.largest-json"),
        settings.bytes("http.largest-upload"),
        settings.number("files.most-numbers", 1, 100_000_000),
        settings.number("http.uploads-at-once", 1, 1000),
        settings.number("files.windows-at-once", 1, 1000),
        settings.number("files.node-windows", 1, 100_000),
        new RunKind.Retry(
            settings.duration("files.retry.first"), settings.duration("files.retry.longest")),
        calls(settings),
        timeouts(settings),
        settings.duration("proxy.person-waits"));
  }

  private static Runs.Timeouts timeouts(SettingReader settings) {
    return new Runs.Timeouts(settings.duration("ask-timeout"), settings.duration("view-timeout"));
  }

  private static Importing.Settings importing(SettingReader settings) {
    return new Importing.Settings(
        folder(settings, "imports.folder"),
        folder(settings, "imports.uploads"),
        settings.bytes("imports.largest-upload"),
        settings.number("http.uploads-at-once", 1, 1000),
        settings.number("imports.node-windows", 1, 1000),
        new RunKind.Retry(
            settings.duration("imports.retry.first"), settings.duration("imports.retry.longest")),
        timeouts(settings));
  }

  private static Extracting.Settings extracting(SettingReader settings) {
    return new Extracting.Settings(
        extractionLimits(settings),
        settings.number("extractions.large", 1, 100_000_000),
        settings.number("extractions.large-at-once", 1, 1000),
        settings.duration("extractions.return-within"),
        settings.duration("extractions.cooling"),
        settings.duration("extractions.file-kept"),
        settings.duration("extractions.sweep-every"),
        settings.number("extractions.node-windows", 1, 100_000),
        new RunKind.Retry(
            settings.duration("extractions.retry.first"),
            settings.duration("extractions.retry.longest")),
        timeouts(settings));
  }

  private static Limits extractionLimits(SettingReader settings) {
    var least = settings.number("extractions.limits.least", 1, 1_000_000);
    return new Limits(
        least,
        settings.number("extractions.limits.most", least, 1_000_000),
        extractionRole(settings, "extractions.limits.keys"),
        extractionRole(settings, "extractions.limits.admin"),
        settings.number("extractions.limits.all-day", 1, Integer.MAX_VALUE),
        zone(settings, "extractions.limits.time-zone"));
  }

  private static Limits.Role extractionRole(SettingReader settings, String path) {
    return new Limits.Role(
        settings.number(path + ".hour", 1, 1_000_000),
        settings.number(path + ".day", 1, Integer.MAX_VALUE));
  }

  private static ZoneId zone(SettingReader settings, String path) {
    try {
      return ZoneId.of(settings.text(path));
    } catch (DateTimeException _) {
      throw settings.bad(path, "expected a time zone such as America/Mexico_City");
    }
  }

  private static Optional<Path> folder(SettingReader settings, String path) {
    var folder = settings.text(path);
    if (!folder.isEmpty() && !Files.isDirectory(Path.of(folder))) {
      throw settings.bad(path, "there is no folder " + folder);
    }
    return folder.isEmpty() ? Optional.empty() : Optional.of(Path.of(folder));
  }

  private static Proxies.Settings proxy(SettingReader settings) {
    return new Proxies.Settings(
        rules(settings),
        settings.duration("proxy.read-every"),
        settings.duration("proxy.test-timeout"),
        privateAllowed(settings),
        settings.duration("ask-timeout"));
  }

  private static Rules rules(SettingReader settings) {
    try {
      return new Rules(
          settings.number("proxy.errors-in-row", 1, 1000),
          settings.duration("proxy.open-for"),
          settings.number("proxy.sessions-at-once", 1, 100_000),
          settings.number("proxy.session-uses", 1, 1_000_000),
          settings.duration("proxy.session-age"),
          settings.duration("proxy.blocked-for"));
    } catch (IllegalArgumentException e) {
      throw settings.bad("proxy.open-for", String.valueOf(e.getMessage()));
    }
  }

  /** A node that serves this machine only may use what runs on it. */
  private static boolean privateAllowed(SettingReader settings) {
    return switch (settings.text("proxy.allow-private")) {
      case "true" -> true;
      case "false" -> false;
      case "auto" -> settings.text("http.host").matches("localhost|127\\..*|::1|\\[::1]");
      default -> throw settings.bad("proxy.allow-private", "expected true, false or auto");
    };
  }

  private static Optional<URI> testUrl(SettingReader settings) {
    return settings.text("proxy.test-url").isEmpty()
        ? Optional.empty()
        : Optional.of(settings.url("proxy.test-url"));
  }

  private static Limit calls(SettingReader settings) {
    var atOnce = settings.number("portal.calls-at-once", 1, 100_000);
    var perSecond = settings.number("portal.calls-per-second", 0, 1_000_000);
    return perSecond == 0 ? Limit.atOnce(atOnce) : new Limit(atOnce, perSecond);
  }

  private static Cluster cluster(SettingReader settings) {
    var seeds =
        Arrays.stream(settings.text("cluster.seed-nodes").split(","))
            .map(String::strip)
            .filter(node -> !node.isEmpty())
            .toList();
    if (!seeds.stream().allMatch(node -> node.matches("[^:\\s]+:[0-9]{1,5}"))) {
      throw settings.bad("cluster.seed-nodes", "expected host:port,host:port");
    }
    return new Cluster(
        settings.text("cluster.host"),
        settings.port("cluster.port"),
        settings.port("cluster.management-port"),
        settings.text("cluster.app-version"),
        seeds);
  }
}
