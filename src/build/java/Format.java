import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * Holds every source file to google-java-format. Run by the build: {@code Format check src} lists
 * the files that differ and fails, {@code Format write src} rewrites them.
 */
final class Format {

  public static void main(String[] args) throws IOException, FormatterException {
    var write = args[0].equals("write");
    var formatter = new Formatter();
    var differing = new ArrayList<Path>();
    try (var files = Files.walk(Path.of(args[1]))) {
      for (var file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        var source = Files.readString(file);
        var formatted = format(formatter, file, source);
        if (!formatted.equals(source)) {
          differing.add(file);
          if (write) {
            Files.writeString(file, formatted);
          }
        }
      }
    }
    if (!write && !differing.isEmpty()) {
      differing.forEach(file -> System.err.println("not formatted: " + file));
      System.err.println("Run: mvn -Pformat process-sources");
      System.exit(1);
    }
  }

  private static String format(Formatter formatter, Path file, String source)
      throws FormatterException {
    try {
      var ordered =
          ImportOrderer.reorderImports(
              RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.GOOGLE);
      return formatter.formatSource(ordered);
    } catch (FormatterException e) {
      throw new FormatterException(file + ": " + e.getMessage());
    }
  }
}
