package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.centralita.cli.ClusterView;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The management port of a node, and the end of a node that the others have left behind. */
final class ManagementTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Path DATA = Path.of("target", "test-data", "management").toAbsolutePath();

  @Test
  void node_answersOnItsManagementPort_andEndsWhenTheOthersHaveGoneOnWithoutIt() throws Exception {
    var database = TestPostgres.fresh();
    var port = TestPorts.free();
    var management = URI.create("http://127.0.0.1:" + port);
    var settings =
        ConfigFactory.parseMap(Map.of("centralita.cluster.management-port", port))
            .withFallback(TestNode.settings(DATA, database));
    try (var node = Node.start(settings.resolve());
        var connection =
            java.sql.DriverManager.getConnection(
                database.url(), database.user(), database.password());
        var statement = connection.createStatement()) {
      assertEquals(200, status("GET", management.resolve("/alive")));
      assertEquals(200, status("GET", management.resolve("/ready")));
      var members = new ClusterView(management).up();
      assertEquals(1, members.size());
      var self = members.iterator().next();
      assertEquals(405, status("DELETE", management.resolve("/cluster/members/" + self)));
      var uid = uid(management);

      statement.execute("INSERT INTO cluster_downed (node) VALUES ('" + self + "#" + uid + "')");

      node.ended().toCompletableFuture().get(30, java.util.concurrent.TimeUnit.SECONDS);
      assertTrue(statement.executeQuery("SELECT FROM cluster_downed").next());
    }
  }

  private static String uid(URI management) throws Exception {
    var answer =
        HTTP.send(
            HttpRequest.newBuilder(management.resolve("/cluster/members")).build(),
            BodyHandlers.ofString());
    return io.centralita.http.Json.MAPPER.readTree(answer.body()).at("/members/0/nodeUid").asText();
  }

  private static int status(String method, URI uri) throws Exception {
    var request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    return HTTP.send(request, BodyHandlers.discarding()).statusCode();
  }
}
