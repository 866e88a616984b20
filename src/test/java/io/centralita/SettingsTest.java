package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
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
            Settings.BadSetting.class, () -> Settings.load(ConfigFactory.empty(), environment));

    assertTrue(String.valueOf(refused.getMessage()).startsWith("CENTRALITA_ADMIN_KEY_FILE: "));
  }
}
