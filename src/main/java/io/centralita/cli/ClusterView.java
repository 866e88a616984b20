package io.centralita.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * The cluster as one of its nodes sees it, asked at the node's management port.
 *
 * @param management where that is
 */
public record ClusterView(URI management) {
  /** {@code number-of-shards} of cluster.conf, which never changes. */
  private static final int SHARDS = 32;

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

  /** {@code host:port} of the nodes that are members and can be reached. */
  public Set<String> up() throws IOException {
    var members = get("/cluster/members");
    var up = new HashSet<String>();
    for (var member : members.path("members")) {
      if (member.path("status").asText().equals("Up")) {
        up.add(hostAndPort(member.path("node").asText()));
      }
    }
    for (var lost : members.path("unreachable")) {
      up.remove(hostAndPort(lost.path("node").asText()));
    }
    return up;
  }

  /** {@code host:port} of the node that has been a member for longest: it hosts the singletons. */
  public String oldest() throws IOException {
    return hostAndPort(get("/cluster/members").path("oldest").asText());
  }

  /** Whether the file of this id lives on the node that is asked. */
  public boolean runs(long fileId) throws IOException {
    var shard = Integer.toString(Math.abs(Long.toString(fileId).hashCode() % SHARDS));
    for (var region : get("/cluster/shards/UserFile").path("regions")) {
      if (region.path("shardId").asText().equals(shard) && region.path("numEntities").asInt() > 0) {
        return true;
      }
    }
    return false;
  }

  private JsonNode get(String path) throws IOException {
    try {
      var request =
          HttpRequest.newBuilder(management.resolve(path)).timeout(Duration.ofSeconds(5)).build();
      var answer = HTTP.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("the management port answers " + answer.statusCode());
      }
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new IOException("the management port does not answer in JSON", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Of an address such as {@code pekko://centralita@127.0.0.1:25520}. */
  private static String hostAndPort(String address) {
    return address.substring(address.indexOf('@') + 1);
  }
}
