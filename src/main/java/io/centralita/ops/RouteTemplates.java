package io.centralita.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The paths of the API's description, by which requests are counted: a path's ids become its
 * template's names, and what is not described is {@code other}. So there are as many labels as
 * paths, whatever is asked for.
 */
final class RouteTemplates {
  private static final Pattern PATH = Pattern.compile("(?m)^  (/[^:\\s]*):\\s*$");

  private record Template(String text, Pattern pattern) {}

  private final List<Template> templates = new ArrayList<>();

  RouteTemplates(String description) {
    var paths = PATH.matcher(description);
    while (paths.find()) {
      var text = paths.group(1);
      var plain =
          text.endsWith("/") && text.length() > 1 ? text.substring(0, text.length() - 1) : text;
      var regex = new StringBuilder();
      for (var part : plain.substring(1).split("/", -1)) {
        regex.append('/').append(part.startsWith("{") ? "[^/]+" : Pattern.quote(part));
      }
      templates.add(new Template(text, Pattern.compile(regex + "/?")));
    }
    // Literal paths before those with names in them.
    templates.sort((a, b) -> Boolean.compare(a.text().contains("{"), b.text().contains("{")));
  }

  /** Those of the description that the program carries. */
  static RouteTemplates described() {
    try (var file = RouteTemplates.class.getResourceAsStream("/http/openapi.yaml")) {
      if (file == null) {
        throw new IllegalStateException("the API's description is not in the program");
      }
      return new RouteTemplates(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String of(String path) {
    for (var template : templates) {
      if (template.pattern().matcher(path).matches()) {
        return template.text();
      }
    }
    return "other";
  }
}
