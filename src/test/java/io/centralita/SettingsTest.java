package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of several places a setting is taken from. */
final class SettingsTest {
  @TempDir private Path folder;

  @Test
  void load_override_reachesWhatIsDerivedFromIt() {
    var config =
        Settings.load(ConfigFactory.parseMap(Map.of("centralita.cluster.port", 4711)), Map.of());

    assertEquals(4711, config.getInt("pekko.remote.artery.canonical.port"));
  }

  @Test
  void load_secretInAFile_winsOverTheDefault_andLosesToAnOverride() throws IOException {
    var file = Files.writeString(folder.resolve("proxies"), "socks5://u:p@h:1080\n");
    var environment = Map.of("CENTRALITA_PROXIES_FILE", file.toString());

    assertEquals(
        "socks5://u:p@h:1080",
        Settings.load(ConfigFactory.empty(), environment).getString("centralita.proxies"));
    var override = ConfigFactory.parseMap(Map.of("centralita.proxies", ""));
    assertEquals("", Settings.load(override, environment).getString("centralita.proxies"));
  }

  @Test
  void load_secretsFileThatIsNotThere_namesTheVariable() {
    var environment = Map.of("CENTRALITA_ADMIN_KEY_FILE", folder.resolve("none").toString());

    var refused =
        assertThrows(
            SettingReader.BadSetting.class,
            () -> Settings.load(ConfigFactory.empty(), environment));

    assertTrue(String.valueOf(refused.getMessage()).startsWith("CENTRALITA_ADMIN_KEY_FILE: "));
  }

  private static String refusal(String path, Object value) {
    var config = Settings.load(ConfigFactory.parseMap(Map.of(path, value)), Map.of());
    var refused = assertThrows(SettingReader.BadSetting.class, () -> Settings.of(config));
    return String.valueOf(refused.getMessage());
  }

  @Test
  void of_settingThatCannotBeMeant_saysWhichAndWhatWasExpected() {
    assertEquals(
        "centralita.http.port: expected a whole number from 0 to 65535, not 'abc'",
        refusal("centralita.http.port", "abc"));
    assertEquals(
        "centralita.cluster.port: expected a whole number from 0 to 65535, not 99999",
        refusal("centralita.cluster.port", 99_999));
    assertEquals(
        "centralita.portal.calls-at-once: expected a whole number from 1 to 100000, not 0",
        refusal("centralita.portal.calls-at-once", 0));
    assertEquals(
        "centralita.portal.direct: expected true or false, not 'maybe'",
        refusal("centralita.portal.direct", "maybe"));
    assertEquals(
        "centralita.files.retry.first: expected a time above nothing, such as 500ms or 2s",
        refusal("centralita.files.retry.first", "0s"));
    assertEquals(
        "centralita.redis.url: expected redis://:password@host:port",
        refusal("centralita.redis.url", "foo"));
    assertEquals(
        "centralita.proxies: proxy 1: it does not begin with socks5://",
        refusal("centralita.proxies", "foo"));
    assertEquals(
        "centralita.http.host: there is no host called 'no.such.host.invalid'",
        refusal("centralita.http.host", "no.such.host.invalid"));
    assertEquals(
        "centralita.admin-key: an administrator's key has 16 to 200 characters",
        refusal("centralita.admin-key", "k".repeat(201)));
  }

  @Test
  void of_settingFromTheEnvironment_isCalledByItsVariable() {
    var variable = ConfigValueFactory.fromAnyRef("abc", "env var CENTRALITA_HTTP_PORT");
    var config =
        Settings.load(ConfigFactory.empty().withValue("centralita.http.port", variable), Map.of());

    var refused = assertThrows(SettingReader.BadSetting.class, () -> Settings.of(config));

    assertEquals(
        "CENTRALITA_HTTP_PORT: expected a whole number from 0 to 65535, not 'abc'",
        refused.getMessage());
  }
}
