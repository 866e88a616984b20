import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fails the build where a test was skipped: a test that does not run proves nothing. */
final class NoSkippedTests {

  public static void main(String[] args) throws IOException {
    var reports = Path.of(args[0]);
    if (!Files.isDirectory(reports)) {
      return; // the build was asked not to run the tests
    }
    try (var files = Files.list(reports)) {
      for (var file : files.filter(f -> f.toString().endsWith(".xml")).toList()) {
        if (Files.readString(file).contains("<skipped")) {
          System.err.println("a test was skipped: " + file);
          System.exit(1);
        }
      }
    }
  }
}
