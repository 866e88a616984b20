package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.OwnedEntities;
import io.centralita.access.Users;
import io.centralita.actor.EntityKind;
import io.centralita.db.Db;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.jobs.Oversight;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.Runs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.http.javadsl.server.Route;

/** The import of contacts, put together. */
public final class Importing {

  /** The entity type of an import's run; its id is the import's. */
  static final EntityTypeKey<RunCommand> KEY = EntityTypeKey.create(RunCommand.class, "Import");

  /** The entity type of an undo's run; its id is the import's. */
  static final EntityTypeKey<RunCommand> UNDO_KEY =
      EntityTypeKey.create(RunCommand.class, "ImportUndo");

  /** Two are read and one is stored, or the other way round, on two processors. */
  private static final int WINDOWS_AT_ONCE = 3;

  /**
   * How much of everything.
   *
   * @param folder the one folder from which files may be named
   * @param nodeWindows windows of all imports under way at once on this node
   */
  public record Settings(
      Optional<Path> folder,
      int nodeWindows,
      RunKind.Retry retry,
      Duration askTimeout,
      Duration viewTimeout) {}

  /**
   * What the feature stands on.
   *
   * @param own the folder for uploads
   * @param reading where files are read; as many threads as processors
   */
  public record Ground(
      ActorContext<?> guardian,
      Db db,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json,
      EventStream eventStream,
      Path own,
      Executor reading,
      Oversight oversight) {}

  private static final String NOTE =
      "coalesce(nullif(e.failure, ''), nullif(e.waiting, ''), e.pause ->> 'reason', '')";

  private final List<EntityKind> entityKinds;
  private final ImportRoutes routes;
  private final ImportUndoRoutes undoRoutes;

  public Importing(Settings settings, Ground ground) {
    var db = ground.db();
    var indexes = new ContactIndexes(db);
    var imports = new Imports(db, indexes);
    var folder = new ImportFolder(settings.folder(), ground.own());
    var sideTables = new SideTables(db, folder, ground.reading());
    var reader = new ImportReader(folder, new Places(db), new NumberingPlans());
    var runs =
        Runs.init(
            ground.guardian(),
            new RunKind(
                KEY,
                new ImportWork(db, imports, reader, indexes, sideTables, ground.reading()),
                imports,
                finalOutcomes(),
                WINDOWS_AT_ONCE,
                settings.retry()),
            settings.nodeWindows(),
            settings.askTimeout(),
            ground.oversight());
    var undos = new ImportUndos(db);
    var undoRuns =
        Runs.init(
            ground.guardian(),
            new RunKind(
                UNDO_KEY,
                new ImportUndoWork(
                    db,
                    undos,
                    indexes,
                    ImportUndoWork.CONTACTS_AT_ONCE,
                    ImportUndoWork.CHANGES_AT_ONCE),
                undos,
                Set.of(ImportUndoWork.REMOVED, ImportUndoWork.KEPT, ImportUndoWork.RESTORED),
                1,
                settings.retry()),
            settings.nodeWindows(),
            settings.askTimeout(),
            ground.oversight());
    this.entityKinds =
        List.of(
            runs.entityKind(
                "an import is paused by /api/v1/imports/{id}/pause, and resumed by …/resume",
                new OwnedEntities(db, "imports", "status", NOTE)),
            undoRuns.entityKind(
                "an undo goes on by itself; an operator's pause of its user holds it",
                new OwnedEntities(db, "import_undos", "status", NOTE)));
    var importRuns =
        new ImportRuns(
            ground.users(), imports, folder, runs, ground.reading(), settings.viewTimeout());
    this.routes =
        new ImportRoutes(
            importRuns,
            new ImportRejects(db),
            sideTables,
            ground.eventStream(),
            ground.authenticated(),
            ground.idempotency(),
            ground.json());
    this.undoRoutes =
        new ImportUndoRoutes(
            new ImportUndoRuns(ground.users(), importRuns, runs, undos, undoRuns),
            ground.eventStream(),
            ground.authenticated());
  }

  private static Set<String> finalOutcomes() {
    return Arrays.stream(ImportOutcome.values()).map(Enum::name).collect(Collectors.toSet());
  }

  /** The imports and their undos as operators see them. */
  public List<EntityKind> entityKinds() {
    return entityKinds;
  }

  public Route route() {
    return concat(routes.route(), undoRoutes.route());
  }
}
