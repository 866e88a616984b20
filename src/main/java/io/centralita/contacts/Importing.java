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
import io.centralita.http.Spool;
import io.centralita.jobs.Oversight;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.Runs;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.SystemMaterializer;

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
   * @param uploads the one folder for uploads that all nodes share; empty where this node has its
   *     own
   * @param largestUpload in bytes
   * @param uploadsAtOnce files that are received at the same time
   * @param nodeWindows windows of all imports under way at once on this node
   */
  public record Settings(
      Optional<Path> folder,
      Optional<Path> uploads,
      long largestUpload,
      int uploadsAtOnce,
      int nodeWindows,
      RunKind.Retry retry,
      Runs.Timeouts timeouts) {}

  /**
   * What the feature stands on.
   *
   * @param numbering says what the numbers are
   * @param own the folder for uploads where nodes share none
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
      NumberingPlans numbering,
      Path own,
      Executor reading,
      Oversight oversight) {}

  private static final String NOTE =
      "coalesce(nullif(e.failure, ''), nullif(e.waiting, ''), e.pause ->> 'reason', '')";

  private final List<EntityKind> entityKinds;
  private final ImportRoutes routes;
  private final SideTableRoutes sideTableRoutes;
  private final ImportUndoRoutes undoRoutes;

  public Importing(Settings settings, Ground ground) {
    var db = ground.db();
    var indexes = new ContactIndexes(db);
    var imports = new Imports(db, indexes);
    var own = settings.uploads().orElse(ground.own());
    var folder = new ImportFolder(settings.folder(), own);
    var files = new OwnFiles(own, db, ground.reading(), InstantSource.system());
    var sideTables = new SideTables(db, folder, ground.reading());
    var reader = new ImportReader(folder, new Places(db), ground.numbering());
    var runs =
        Runs.init(
            ground.guardian(),
            new RunKind(
                KEY,
                new ImportWork(db, imports, reader, indexes, sideTables, ground.reading()),
                files.watching(imports),
                finalOutcomes(),
                WINDOWS_AT_ONCE,
                settings.retry()),
            settings.nodeWindows(),
            settings.timeouts(),
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
            settings.timeouts(),
            ground.oversight());
    this.entityKinds =
        List.of(
            runs.entityKind(
                "an import is paused by /api/v1/imports/{id}/pause, and resumed by …/resume",
                new OwnedEntities(db, "imports", "status", NOTE)),
            undoRuns.entityKind(
                "an undo goes on by itself; an operator's pause of its user holds it",
                new OwnedEntities(db, "import_undos", "status", NOTE)));
    var importRuns = new ImportRuns(ground.users(), imports, folder, runs, ground.reading());
    files.sweepAtStart(settings.uploads().isPresent());
    this.routes = routes(settings, ground, importRuns, folder, files);
    this.sideTableRoutes = new SideTableRoutes(importRuns, sideTables, ground.authenticated());
    this.undoRoutes =
        new ImportUndoRoutes(
            new ImportUndoRuns(ground.users(), importRuns, runs, undos, undoRuns),
            ground.eventStream(),
            ground.authenticated());
  }

  private static ImportRoutes routes(
      Settings settings, Ground ground, ImportRuns runs, ImportFolder folder, OwnFiles files) {
    var materializer = SystemMaterializer.get(ground.guardian().getSystem()).materializer();
    var spool =
        new Spool(
            settings.largestUpload(),
            "put it into the import folder, or divide it",
            settings.uploadsAtOnce(),
            materializer);
    var ownImports = new OwnImports(runs, folder, files, ground.reading());
    var rejects = new ImportRejects(ground.db());
    return new ImportRoutes(
        runs,
        ownImports,
        new ImportUploadRoute(ownImports, files, spool, ground.idempotency()),
        new RejectRoutes(
            runs,
            rejects,
            new RejectFiles(rejects, ground.reading(), materializer),
            ownImports,
            files,
            ground.authenticated(),
            ground.idempotency()),
        ground.eventStream(),
        ground.authenticated(),
        ground.idempotency(),
        ground.json());
  }

  private static Set<String> finalOutcomes() {
    return Arrays.stream(ImportOutcome.values()).map(Enum::name).collect(Collectors.toSet());
  }

  /** The imports and their undos as operators see them. */
  public List<EntityKind> entityKinds() {
    return entityKinds;
  }

  public Route route() {
    return concat(routes.route(), sideTableRoutes.route(), undoRoutes.route());
  }
}
