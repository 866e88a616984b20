package io.centralita.contacts;

import io.centralita.access.Asker;
import io.centralita.http.ProblemException;
import io.centralita.http.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Imports that are begun from whatever holds rows: an SQLite file of the import folder as it is, an
 * upload from our own folder, and a table once it is an SQLite file there.
 */
final class OwnImports {
  private static final String USUAL_TABLE = SqliteWriter.TABLE;

  /**
   * Which rows of a file, and which column is what.
   *
   * @param name of the file, as people know it
   * @param table of an SQLite file; null for the usual one
   * @param columns the columns of fields, by the fields' words
   */
  record Choice(String name, @Nullable String table, Map<String, String> columns) {}

  private final ImportRuns runs;
  private final ImportFolder folder;
  private final OwnFiles files;
  private final Executor reading;

  OwnImports(ImportRuns runs, ImportFolder folder, OwnFiles files, Executor reading) {
    this.runs = runs;
    this.folder = folder;
    this.files = files;
    this.reading = reading;
  }

  /**
   * Begins to import a file of the import folder, of which {@code name} is the path; as {@link
   * ImportRuns#begin(Asker, String, String, Map)}.
   */
  CompletionStage<Integer> named(Asker asker, Choice choice) {
    if (!TableFile.isNamed(choice.name())) {
      return sqlite(asker, choice);
    }
    return looked(() -> table(choice))
        .thenCompose(
            table ->
                table.mark().isEmpty()
                    ? sqlite(asker, choice)
                    : begin(
                        asker,
                        choice.name(),
                        table.mark(),
                        () -> converted(table.file(), choice, table.mark())));
  }

  private CompletionStage<Integer> sqlite(Asker asker, Choice choice) {
    return runs.begin(asker, choice.name(), table(choice.table()), choice.columns());
  }

  /**
   * A file that is called a table.
   *
   * @param mark what is the same of the same file; empty where it is an SQLite file after all
   */
  private record Table(Path file, String mark) {}

  private Table table(Choice choice) {
    var file = folder.named(choice.name());
    if (SqliteFile.isOne(file)) {
      return new Table(file, "");
    }
    try {
      var version = Files.size(file) + "/" + Files.getLastModifiedTime(file).toMillis();
      return new Table(file, mark(choice, choice.name() + "/" + version));
    } catch (IOException _) {
      throw new ImportFileException("the file cannot be read on this node");
    }
  }

  /**
   * Begins to import an upload.
   *
   * @param file where it was written; no longer there afterwards where it could be used as it is
   * @param sha256 of its bytes
   */
  CompletionStage<Integer> uploaded(Asker asker, Path file, String sha256, Choice choice) {
    var mark = mark(choice, sha256);
    return begin(
        asker,
        choice.name(),
        mark,
        () ->
            SqliteFile.isOne(file)
                ? look(files.keep(file, mark), table(choice.table()), choice.columns())
                : converted(file, choice, mark));
  }

  /**
   * Begins to import an SQLite file of our own.
   *
   * @param mark what the file is: of two imports of the same one is refused while the other is
   *     under way
   * @param file makes it, and tells where it is
   */
  CompletionStage<Integer> made(
      Asker asker, String name, String mark, Supplier<CompletionStage<Path>> file) {
    return unlessUnderWay(mark)
        .thenCompose(_ -> file.get())
        .thenCompose(
            path ->
                looked(() -> look(files.keep(path, mark), USUAL_TABLE, Map.of()))
                    .thenCompose(own -> begin(asker, name, own)));
  }

  private CompletionStage<Integer> begin(
      Asker asker, String name, String mark, Supplier<Own> making) {
    return unlessUnderWay(mark)
        .thenCompose(_ -> looked(making))
        .thenCompose(own -> begin(asker, name, own));
  }

  private CompletionStage<Integer> begin(Asker asker, String name, Own own) {
    return runs.begin(asker, name, own::looked, () -> files.drop(own.path()));
  }

  private CompletionStage<Void> unlessUnderWay(String mark) {
    return files
        .underWay(mark)
        .thenAccept(
            other ->
                other.ifPresent(
                    id -> {
                      throw ImportRuns.underWay(id);
                    }));
  }

  private <T> CompletionStage<T> looked(Supplier<T> look) {
    return CompletableFuture.supplyAsync(look, reading)
        .exceptionally(
            failure -> {
              throw ImportRuns.refused(failure);
            });
  }

  /** A file of our own, looked at. */
  private record Own(String path, ImportFolder.Looked looked) {}

  private Own look(String path, String table, Map<String, String> columns) {
    try {
      return new Own(path, folder.lookOwn(path, table, columns));
    } catch (RuntimeException | Error e) {
      files.drop(path);
      throw e;
    }
  }

  private Own converted(Path table, Choice choice, String mark) {
    if (choice.table() != null) {
      throw ProblemException.badRequest("table", "only an SQLite file has tables: leave it out");
    }
    var target = files.begin();
    try {
      TableFile.convert(table, choice.name(), choice.columns(), target);
      return look(files.keep(target, mark), USUAL_TABLE, Map.of());
    } catch (RuntimeException | Error e) {
      OwnFiles.drop(target);
      throw e;
    }
  }

  private static String table(@Nullable String given) {
    return given == null ? USUAL_TABLE : given;
  }

  /** What is the same where the same rows are chosen of the same file. */
  private static String mark(Choice choice, String content) {
    var text = content + "\n" + choice.table() + "\n" + new TreeMap<>(choice.columns());
    var hash = Sha256.begin().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 16);
  }
}
