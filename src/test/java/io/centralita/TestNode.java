package io.centralita;

import static io.centralita.scoring.Platform.FACEBOOK;
import static io.centralita.scoring.Platform.GOOGLE;
import static io.centralita.scoring.Platform.INSTAGRAM;
import static io.centralita.scoring.Platform.WHATSAPP;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.centralita.db.Database;
import io.centralita.db.Db;
import io.centralita.embedded.DataDir;
import io.centralita.embedded.EmbeddedRedis;
import io.centralita.simulators.PortalSimulator;
import io.centralita.simulators.ValidatorSimulator;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The one whole node of a test run: wired as in production, with a PostgreSQL, a Redis and a
 * simulated portal of its own. Its limits are small, so that tests can reach them.
 */
public final class TestNode {
  public static final String ADMIN_KEY = "an-administrators-key";
  public static final String SECRETS_KEY = "thirty-two-characters-of-a-secret-key";

  /** Calls to the portal under way at once. */
  public static final int CALLS_AT_ONCE = 8;

  public static final int UPLOADS_AT_ONCE = 2;
  public static final long LARGEST_UPLOAD = 2 << 20;
  public static final int MOST_NUMBERS = 100_000;

  /** Bytes of an uploaded file of contacts. */
  public static final long LARGEST_IMPORT = 4 << 20;

  /** Contacts of an extraction. */
  public static final int LEAST_EXTRACTION = 10;

  /** An extraction of more contacts waits for its turn, and one has it at a time. */
  public static final int LARGE_EXTRACTION = 100;

  public static final PortalSimulator PORTAL =
      PortalSimulator.start(PortalSimulator.Options.LOOPBACK);

  /** The validators of all platforms but Apple's. */
  public static final ValidatorSimulator VALIDATORS =
      ValidatorSimulator.start(ValidatorSimulator.Options.LOOPBACK.withToken("a-validators-token"));

  private static final Path DATA = Path.of("target", "test-data", "api").toAbsolutePath();
  private static final Database.Settings DATABASE = TestPostgres.fresh();
  private static final EmbeddedRedis REDIS = redisServer();
  private static final RedisCommands<String, String> REDIS_COMMANDS =
      RedisClient.create(REDIS.url()).connect().sync();
  private static final Db DB = Database.open(DATABASE).db();
  private static final Node NODE = Node.start(settings(DATA, DATABASE).resolve());
  private static final AtomicInteger USERS = new AtomicInteger();

  private TestNode() {}

  /** The administrator's client. */
  public static ApiClient admin() {
    return new ApiClient(NODE.uri(), ADMIN_KEY);
  }

  /** Where the node serves. */
  public static URI uri() {
    return NODE.uri();
  }

  /** A client with a new key of this user. */
  public static ApiClient user(String name) {
    var answer =
        admin().post("/api/v1/keys", "{\"user\":\"%s\",\"scope\":\"user\"}".formatted(name));
    return admin().withKey(OpenApi.json(answer).get("key").asText());
  }

  /** A client with a new key of this user that may see contacts. */
  public static ApiClient contactsUser(String name) {
    var answer =
        admin().post("/api/v1/keys", "{\"user\":\"%s\",\"scope\":\"contacts\"}".formatted(name));
    return admin().withKey(OpenApi.json(answer).get("key").asText());
  }

  /** A name that no other test uses. */
  public static String newUser() {
    return "user-" + USERS.incrementAndGet();
  }

  /** The folder from which the node takes files of contacts. */
  public static Path importFolder() {
    try {
      return Files.createDirectories(DATA.resolveSibling("import"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder in which the node keeps uploaded files of contacts. */
  public static Path uploadedImports() {
    return DATA.resolve("imports");
  }

  /** The node's Redis. */
  public static RedisCommands<String, String> redis() {
    return REDIS_COMMANDS;
  }

  /** The node's database. */
  public static Db db() {
    return DB;
  }

  /** A number from the node's database. */
  public static long count(String sql) {
    return DB.queryOne(sql, _ -> {}, row -> row.getLong(1))
        .toCompletableFuture()
        .join()
        .orElseThrow();
  }

  /** Files that are being received at the moment. */
  public static int uploadsOnDisk() {
    try (var files = Files.list(DATA.resolve("uploads"))) {
      return (int) files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits, bounded, until something is so. */
  public static void until(BooleanSupplier condition) {
    var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not so within 30 s");
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  /** Settings of a node on this database, quick to give up and to try again. */
  static Config settings(Path dataDir, Database.Settings database) {
    return ConfigFactory.parseMap(validators())
        .withFallback(
            ConfigFactory.parseMap(
                Map.ofEntries(
                    Map.entry("centralita.http.port", 0),
                    Map.entry("centralita.http.uploads-at-once", UPLOADS_AT_ONCE),
                    Map.entry("centralita.http.largest-upload", LARGEST_UPLOAD),
                    Map.entry("centralita.cluster.port", 0),
                    Map.entry("centralita.data-dir", dataDir.toString()),
                    Map.entry("centralita.imports.folder", importFolder().toString()),
                    Map.entry("centralita.imports.largest-upload", LARGEST_IMPORT),
                    Map.entry("centralita.db.url", database.url()),
                    Map.entry("centralita.db.user", database.user()),
                    Map.entry("centralita.db.password", database.password()),
                    Map.entry("centralita.redis.url", REDIS.url()),
                    Map.entry("centralita.admin-key", ADMIN_KEY),
                    Map.entry("centralita.secrets.key", SECRETS_KEY),
                    Map.entry("centralita.portal.web-url", PORTAL.webUrl().toString()),
                    Map.entry("centralita.portal.api-url", PORTAL.apiUrl().toString()),
                    Map.entry("centralita.portal.direct", true),
                    Map.entry("centralita.portal.timeout", "2s"),
                    Map.entry("centralita.portal.backoff.first", "2ms"),
                    Map.entry("centralita.portal.backoff.longest", "10ms"),
                    Map.entry("centralita.proxy.person-waits", "500ms"),
                    Map.entry("centralita.portal.circuit.first", "5ms"),
                    Map.entry("centralita.portal.circuit.longest", "50ms"),
                    Map.entry("centralita.portal.calls-at-once", CALLS_AT_ONCE),
                    Map.entry("centralita.files.most-numbers", MOST_NUMBERS),
                    Map.entry("centralita.files.retry.first", "10ms"),
                    Map.entry("centralita.extractions.limits.least", LEAST_EXTRACTION),
                    Map.entry("centralita.extractions.large", LARGE_EXTRACTION),
                    Map.entry("centralita.extractions.large-at-once", 1),
                    Map.entry("centralita.extractions.sweep-every", "100ms"),
                    Map.entry("centralita.webhooks.allow-private", true),
                    Map.entry("centralita.webhooks.allow-http", true),
                    Map.entry("centralita.webhooks.retries", List.of("20ms", "20ms")),
                    Map.entry("centralita.webhooks.poll-every", "50ms"))));
  }

  private static Map<String, Object> validators() {
    var settings = new HashMap<String, Object>();
    for (var platform : List.of(WHATSAPP, INSTAGRAM, FACEBOOK, GOOGLE)) {
      var at = "centralita.validation.services." + platform.name().toLowerCase(Locale.ROOT);
      settings.put(at + ".url", VALIDATORS.url(platform).toString());
      settings.put(at + ".token", "a-validators-token");
      settings.put(at + ".timeout", "2s");
    }
    var carrier = "centralita.validation.services.carrier";
    settings.put(carrier + ".provider", "telnyx");
    settings.put(carrier + ".url", VALIDATORS.url().toString());
    settings.put(carrier + ".token", "a-validators-token");
    settings.put(carrier + ".timeout", "2s");
    settings.put(carrier + ".cost-per-call", "0.01");
    settings.put("centralita.validation.paid-again", "50ms");
    settings.put("centralita.validation.backoff.first", "2ms");
    settings.put("centralita.validation.backoff.longest", "10ms");
    settings.put("centralita.validation.circuit.first", "5ms");
    settings.put("centralita.validation.circuit.longest", "50ms");
    return settings;
  }

  private static EmbeddedRedis redisServer() {
    var dataDir = DataDir.open(DATA.resolveSibling("api-redis"));
    var server = EmbeddedRedis.start(dataDir);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  dataDir.close();
                }));
    return server;
  }
}
