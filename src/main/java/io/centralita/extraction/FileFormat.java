package io.centralita.extraction;

import java.util.List;
import java.util.Locale;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.MediaTypes;

/** What an extraction is written as. */
enum FileFormat {
  XLSX,
  TXT,
  CSV;

  static final List<FileFormat> ALL = List.of(values());

  ContentType contentType() {
    return switch (this) {
      case XLSX ->
          ContentTypes.create(
              MediaTypes.APPLICATION_VND_OPENXMLFORMATS_OFFICEDOCUMENT_SPREADSHEETML_SHEET);
      case TXT -> ContentTypes.TEXT_PLAIN_UTF8;
      case CSV -> ContentTypes.TEXT_CSV_UTF8;
    };
  }

  /** Also the ending of the file's name. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static FileFormat ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
