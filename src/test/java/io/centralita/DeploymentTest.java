package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.typesafe.config.ConfigFactory;
import io.centralita.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The deployments, as far as they can be held against anything without their engines. */
final class DeploymentTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path KUBERNETES = Path.of("cluster-config/kubernetes");
  private static final Pattern VARIABLE = Pattern.compile("CENTRALITA_[A-Z_]+");

  static Stream<Path> configurations() throws IOException {
    return list(Path.of("cluster-config"), ".conf");
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void configuration_ofEachDeployment_makesSettings(Path file) {
    var config =
        Settings.load(
            ConfigFactory.parseFile(file.toFile())
                .withFallback(
                    ConfigFactory.parseMap(Map.of("POD_IP", "10.0.0.7"))), // Kubernetes gives it
            Map.of());

    assertNotNull(Settings.of(config).http());
  }

  @Test
  void compose_namesOnlyWhatIsThere() throws IOException {
    var compose = yaml(Path.of("docker/compose.yaml"));
    var services = compose.path("services");

    for (var service : services) {
      var needed = service.path("depends_on");
      var names = needed.isArray() ? texts(needed) : List.copyOf(fields(needed));
      for (var name : names) {
        assertTrue(services.has(name), "there is no service " + name);
      }
      for (var secret : texts(service.path("secrets"))) {
        assertTrue(compose.path("secrets").has(secret), "there is no secret " + secret);
      }
      for (var volume : texts(service.path("volumes"))) {
        var from = volume.substring(0, volume.indexOf(':'));
        assertTrue(
            from.startsWith(".")
                ? Files.exists(Path.of("docker").resolve(from))
                : compose.path("volumes").has(from),
            "there is no " + from);
      }
    }
    for (var number = 1; number <= 3; number++) { // a drained node, status 0, is to stay away
      assertEquals("on-failure", services.at("/node-" + number + "/restart").asText());
    }
    assertEquals(3, fields(services).stream().filter(name -> name.startsWith("node-")).count());
  }

  @Test
  void compose_givesTheMasterKeyToTheNodesOnly_andEachSecretIsMade() throws IOException {
    var compose = yaml(Path.of("docker/compose.yaml"));
    var described = Files.readString(Path.of("docs/operations.md"));

    for (var service : compose.path("services").properties()) {
      var secrets = texts(service.getValue().path("secrets"));
      assertEquals(
          service.getKey().startsWith("node-"), secrets.contains("admin-key"), service.getKey());
      for (var value : service.getValue().path("environment")) {
        var file = value.asText().replaceFirst("^/run/secrets/", "");
        assertTrue(file.equals(value.asText()) || secrets.contains(file), value.asText());
      }
    }
    var scraped = yaml(Path.of("docker/prometheus/prometheus.yaml"));
    assertEquals(
        "/run/secrets/" + texts(compose.at("/services/prometheus/secrets")).getFirst(),
        scraped.at("/scrape_configs/0/authorization/credentials_file").asText());
    var made = Pattern.compile("for secret in ([^;]*);").matcher(described);
    assertTrue(made.find());
    for (var secret : fields(compose.path("secrets"))) {
      assertTrue(
          List.of(made.group(1).split(" ")).contains(secret)
              || described.contains("> docker/secrets/" + secret + "\n"),
          secret);
    }
  }

  @Test
  void nginx_sendsAwayFromANode_onlyWhatFailedToReachIt() throws IOException {
    var nginx = Files.readString(Path.of("docker/nginx/nginx.conf"));
    var passedOn = Pattern.compile("proxy_next_upstream ([^;]*);").matcher(nginx);

    assertTrue(passedOn.find());
    assertEquals("error timeout", passedOn.group(1), "an ordinary 503 is no failure of a node");
    for (var service : fields(yaml(Path.of("docker/compose.yaml")).path("services"))) {
      assertEquals(service.startsWith("node-"), nginx.contains("server " + service + ":8800"));
    }
    assertEquals(
        nginx.chars().filter(c -> c == '{').count(), nginx.chars().filter(c -> c == '}').count());
  }

  @Test
  void variables_ofTheDeployments_areSettings() throws IOException {
    var known = Files.readString(Path.of("docs/reference/settings.md"));
    var unknown = new TreeSet<String>();
    for (var file :
        List.of(
            Path.of("docker/compose.yaml"),
            KUBERNETES.resolve("configuration.yaml"),
            KUBERNETES.resolve("deployment.yaml"))) {
      VARIABLE
          .matcher(Files.readString(file))
          .results()
          .map(match -> match.group().replaceFirst("_FILE$", ""))
          .filter(name -> !known.contains(name))
          .forEach(unknown::add);
    }

    assertEquals(new TreeSet<String>(), unknown);
  }

  @Test
  void kubernetes_everythingIsSelectedMountedAndProbed() throws IOException {
    var files = list(KUBERNETES, ".yaml").toList();
    assertEquals("Namespace", yaml(files.getFirst()).path("kind").asText(), "applied by name");
    for (var file : files) {
      var manifest = yaml(file);
      assertTrue(manifest.path("apiVersion").isTextual(), file.toString());
      assertTrue(manifest.path("metadata").path("name").isTextual(), file.toString());
    }
    var pod = yaml(KUBERNETES.resolve("deployment.yaml")).path("spec").path("template");
    var labels = pod.path("metadata").path("labels");
    var container = pod.path("spec").path("containers").path(0);
    assertEquals(labels, yaml(KUBERNETES.resolve("service.yaml")).at("/spec/selector"));
    assertEquals(
        labels,
        yaml(KUBERNETES.resolve("disruption-budget.yaml")).at("/spec/selector/matchLabels"));
    assertEquals("/ready", container.at("/readinessProbe/httpGet/path").asText());
    assertEquals("/health", container.at("/livenessProbe/httpGet/path").asText());
    assertTrue(pod.at("/spec/terminationGracePeriodSeconds").asInt() >= 35);
    var volumes = pod.path("spec").path("volumes").findValuesAsText("name");
    for (var mount : container.path("volumeMounts")) {
      assertTrue(volumes.contains(mount.path("name").asText()), mount.toString());
    }
  }

  @Test
  void kubernetes_whatTheDeploymentNeeds_isAppliedOrMadeByACommand() throws IOException {
    var described = Files.readString(Path.of("docs/operations.md"));
    var spec = yaml(KUBERNETES.resolve("deployment.yaml")).at("/spec/template/spec");
    var environment = yaml(KUBERNETES.resolve("configuration.yaml"));
    var container = spec.path("containers").path(0);

    assertEquals(environment.at("/metadata/name"), container.at("/envFrom/0/configMapRef/name"));
    for (var volume : spec.path("volumes")) {
      var configMap = volume.at("/configMap/name").asText();
      var secret = volume.at("/secret/secretName").asText();
      assertTrue(
          configMap.isEmpty() || described.contains("create configmap " + configMap), configMap);
      assertTrue(secret.isEmpty() || described.contains("create secret generic " + secret), secret);
    }
    for (var variable : environment.path("data").properties()) {
      if (variable.getKey().endsWith("_FILE")) {
        var file = String.valueOf(Path.of(variable.getValue().asText()).getFileName());
        assertTrue(described.contains("> secrets/" + file), file);
      }
    }
    // What the command line says of the heap wins over JAVA_TOOL_OPTIONS.
    assertTrue(environment.at("/data/JAVA_TOOL_OPTIONS").asText().contains("MaxRAMPercentage"));
    assertFalse(Files.readString(Path.of("docker/Dockerfile")).contains("\"-Xmx"));
    // /metrics needs a key, which no annotation can give.
    assertTrue(
        yaml(KUBERNETES.resolve("deployment.yaml"))
            .at("/spec/template/metadata/annotations")
            .isMissingNode());
  }

  @Test
  void dashboard_readsOurMetricsFromTheProvisionedSource() throws IOException {
    var source = yaml(Path.of("docker/grafana/provisioning/datasources/prometheus.yaml"));
    var dashboard =
        Json.MAPPER.readTree(
            Files.readString(Path.of("docker/grafana/dashboards/centralita.json")));

    for (var panel : dashboard.path("panels")) {
      assertEquals(source.at("/datasources/0/uid"), panel.at("/datasource/uid"));
      for (var target : panel.path("targets")) {
        assertTrue(target.path("expr").asText().contains("centralita_"), target.toString());
      }
    }
    assertTrue(dashboard.path("panels").size() >= 6);
  }

  private static JsonNode yaml(Path file) throws IOException {
    var loader = new org.yaml.snakeyaml.LoaderOptions();
    var loaded = new org.yaml.snakeyaml.Yaml(loader).load(Files.readString(file)); // knows <<
    return YAML.valueToTree(loaded);
  }

  private static Stream<Path> list(Path folder, String ending) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }

  private static List<String> fields(JsonNode object) {
    return object.propertyStream().map(Map.Entry::getKey).toList();
  }
}
