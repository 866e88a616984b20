package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which package may see which: those on the lines below its own, and none on its own line. A new
 * package begins by getting its place here and in docs/architecture.md.
 */
final class PackageRulesTest {
  private static final Path ROOT = Path.of("src/main/java/io/centralita");
  private static final Pattern MENTION =
      Pattern.compile("\\bio\\.centralita\\.([a-z]+)\\.[A-Za-z]");

  private static final Pattern ROOT_CLASS = Pattern.compile("\\bio\\.centralita\\.[A-Z]");

  private static final List<List<String>> LINES =
      List.of(
          List.of("cli", "ops"),
          List.of("simulators"),
          List.of(
              "lookup",
              "validation",
              "extraction",
              "campaigns",
              "bot",
              "telemetry",
              "compliance",
              "notifications"),
          List.of("contacts"),
          List.of("jobs", "proxy", "webhooks"),
          List.of("access"),
          List.of("cluster"),
          List.of(
              "actor",
              "phone",
              "scoring",
              "tables",
              "db",
              "cache",
              "embedded",
              "outside",
              "http",
              "secrets"));

  @Test
  void packages_seeOnlyTheLinesBelowTheirOwn() throws IOException {
    try (var files = Files.walk(ROOT)) {
      var violations =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .flatMap(PackageRulesTest::violations)
              .toList();

      assertEquals(List.of(), violations);
    }
  }

  @Test
  void packages_allHaveAPlaceAndADescription() throws IOException {
    try (var folders = Files.list(ROOT)) {
      for (var folder : folders.filter(Files::isDirectory).toList()) {
        assertTrue(line(String.valueOf(folder.getFileName())) >= 0, folder + " has no line");
        assertTrue(Files.exists(folder.resolve("package-info.java")), folder + " says nothing");
      }
    }
  }

  @Test
  void packages_neverSeeTheRoot() throws IOException {
    try (var files = Files.walk(ROOT)) {
      var violations =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> ROOT.relativize(file).getNameCount() > 1)
              .filter(file -> ROOT_CLASS.matcher(read(file)).find())
              .toList();
      assertEquals(List.of(), violations);
    }
  }

  private static Stream<String> violations(Path file) {
    var path = ROOT.relativize(file);
    if (path.getNameCount() == 1) {
      return Stream.empty(); // the root wires everything
    }
    var from = path.getName(0).toString();
    return mentions(file)
        .filter(to -> !to.equals(from) && line(to) <= line(from))
        .map(to -> path + " sees " + to);
  }

  private static Stream<String> mentions(Path file) {
    return MENTION.matcher(read(file)).results().map(m -> m.group(1)).distinct();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int line(String name) {
    for (var i = 0; i < LINES.size(); i++) {
      if (LINES.get(i).contains(name)) {
        return i;
      }
    }
    return -1;
  }
}
