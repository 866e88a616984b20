package io.centralita;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.centralita.jobs.RunKind;
import io.centralita.lookup.Lookup;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    String proxies,
    Lookup.Settings lookup,
    List<String> seedNodes) {

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
      int callsAtOnce) {
    public record Hosts(URI web, URI api) {}
  }

  /** The variables that hold secrets, and the settings they are for. */
  private static final Map<String, String> SECRETS =
      Map.of(
          "CENTRALITA_DB_PASSWORD", "centralita.db.password",
          "CENTRALITA_REDIS_URL", "centralita.redis.url",
          "CENTRALITA_ADMIN_KEY", "centralita.admin-key",
          "CENTRALITA_PROXIES", "centralita.proxies");

  /** A setting that cannot be meant. */
  public static final class BadSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadSetting(String name, String reason) {
      super(name + ": " + reason);
    }
  }

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
    var secrets = new HashMap<String, String>();
    SECRETS.forEach(
        (variable, path) -> {
          var file = environment.get(variable + "_FILE");
          if (file != null) {
            secrets.put(path, read(variable + "_FILE", Path.of(file)));
          }
        });
    return ConfigFactory.parseMap(secrets);
  }

  private static String read(String variable, Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new BadSetting(variable, "the file cannot be read: " + e.getClass().getSimpleName());
    }
  }

  /** Reads {@code centralita} of the configuration. */
  public static Settings of(Config whole) {
    var config = whole.getConfig("centralita");
    return new Settings(
        new Http(
            config.getString("http.host"),
            port("CENTRALITA_HTTP_PORT", config.getInt("http.port")),
            config.getDuration("http.request-timeout"),
            config.getDuration("http.stop-within")),
        Path.of(config.getString("data-dir")),
        db(config.getConfig("db")),
        new Redis(config.getString("redis.url"), config.getDuration("redis.timeout")),
        adminKey(config.getString("admin-key")),
        portal(config.getConfig("portal")),
        config.getString("proxies"),
        lookup(config),
        seedNodes(config.getString("cluster.seed-nodes")));
  }

  private static Db db(Config config) {
    var url = config.getString("url");
    if (!url.isEmpty() && !url.startsWith("jdbc:postgresql:")) {
      throw new BadSetting("CENTRALITA_DB_URL", "expected jdbc:postgresql://host:port/database");
    }
    return new Db(
        url,
        config.getString("user"),
        config.getString("password"),
        config.getInt("connections"),
        config.getInt("journal-connections"));
  }

  private static Optional<String> adminKey(String key) {
    if (!key.isEmpty() && key.length() < 16) {
      throw new BadSetting("CENTRALITA_ADMIN_KEY", "needs 16 characters or more");
    }
    return Optional.of(key).filter(k -> !k.isEmpty());
  }

  private static Portal portal(Config config) {
    var web = config.getString("web-url");
    var api = config.getString("api-url");
    if (web.isEmpty() != api.isEmpty()) {
      throw new BadSetting(
          web.isEmpty() ? "CENTRALITA_PORTAL_WEB_URL" : "CENTRALITA_PORTAL_API_URL",
          "missing: the portal needs both of its hosts");
    }
    var ca = config.getString("ca-file");
    return new Portal(
        web.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Portal.Hosts(
                    url("CENTRALITA_PORTAL_WEB_URL", web), url("CENTRALITA_PORTAL_API_URL", api))),
        config.getBoolean("direct"),
        ca.isEmpty() ? Optional.empty() : Optional.of(Path.of(ca)),
        config.getDuration("timeout"),
        config.getInt("tries"),
        config.getDuration("backoff.first"),
        config.getDuration("backoff.longest"),
        config.getInt("calls-at-once"));
  }

  private static Lookup.Settings lookup(Config config) {
    var http = config.getConfig("http");
    var files = config.getConfig("files");
    return new Lookup.Settings(
        http.getBytes("largest-json"),
        http.getBytes("largest-upload"),
        files.getInt("most-numbers"),
        http.getInt("uploads-at-once"),
        files.getInt("windows-at-once"),
        files.getInt("node-windows"),
        new RunKind.Retry(files.getDuration("retry.first"), files.getDuration("retry.longest")),
        config.getInt("portal.calls-at-once"),
        config.getDuration("ask-timeout"),
        config.getDuration("view-timeout"));
  }

  private static List<String> seedNodes(String list) {
    var nodes =
        Arrays.stream(list.split(",")).map(String::strip).filter(n -> !n.isEmpty()).toList();
    for (var node : nodes) {
      if (!node.matches("[^:\\s]+:[0-9]{1,5}")) {
        throw new BadSetting("CENTRALITA_SEED_NODES", "expected host:port,host:port");
      }
    }
    return nodes;
  }

  private static URI url(String name, String text) {
    try {
      var uri = new URI(text);
      var scheme = uri.getScheme();
      if (("http".equals(scheme) || "https".equals(scheme)) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new BadSetting(name, "not a URL: " + e.getReason());
    }
    throw new BadSetting(name, "expected http://… or https://…");
  }

  private static int port(String name, int port) {
    if (port < 0 || port > 65535) {
      throw new BadSetting(name, "expected 0 to 65535");
    }
    return port;
  }
}
