package io.centralita.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection that asks PostgreSQL for the plan of each query, with its values, before it runs it.
 */
final class Explained {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A node of a plan that reads a table. */
  record Scan(String type, String table, String index) {}

  /** The plans, in the order in which the queries were run. */
  final List<JsonNode> plans = new ArrayList<>();

  private final Connection real;

  Explained(Connection real) {
    this.real = real;
  }

  Connection connection() {
    return proxy(
        Connection.class,
        (method, arguments) ->
            method.getName().equals("prepareStatement")
                ? statement(String.valueOf(arguments[0]))
                : invoke(real, method, arguments));
  }

  private PreparedStatement statement(String sql) throws SQLException {
    var run = real.prepareStatement(sql);
    var explain =
        sql.strip().startsWith("SET")
            ? null
            : real.prepareStatement("EXPLAIN (FORMAT JSON) " + sql);
    return proxy(
        PreparedStatement.class,
        (method, arguments) -> {
          if (method.getName().startsWith("execute") && explain != null) {
            plans.add(plan(explain));
          }
          if (method.getName().startsWith("set") && arguments.length == 2 && explain != null) {
            invoke(explain, method, arguments);
          }
          return invoke(run, method, arguments);
        });
  }

  private static JsonNode plan(PreparedStatement explain) throws SQLException {
    try (var rows = explain.executeQuery()) {
      rows.next();
      return JSON.readTree(rows.getString(1)).get(0).path("Plan");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the plans read, each node of them. */
  List<Scan> scans() {
    var scans = new ArrayList<Scan>();
    plans.forEach(plan -> collect(plan, scans));
    return scans;
  }

  private static void collect(JsonNode node, List<Scan> scans) {
    if (node.path("Node Type").asText().endsWith("Scan")) {
      scans.add(
          new Scan(
              node.path("Node Type").asText(),
              node.path("Relation Name").asText(),
              node.path("Index Name").asText()));
    }
    node.path("Plans").forEach(child -> collect(child, scans));
  }

  private interface Call {
    Object on(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            Explained.class.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) ->
                call.on(method, arguments == null ? new Object[0] : arguments)));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
