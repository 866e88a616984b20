package io.centralita.ops;

import io.centralita.actor.EntityKind;
import io.centralita.actor.EntityKind.Entry;
import io.centralita.http.Cursor;
import io.centralita.http.Page;
import io.centralita.http.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The types of entities that there are, in the order in which they were registered. */
final class Kinds {

  /** A type with how many entities it has in each state; all states are there. */
  record TypeView(String type, long entities, Map<String, Long> states) {}

  /**
   * An entity in a list.
   *
   * @param note why it stands where it stands; null where nothing is to be said
   */
  record EntryView(
      String type, String id, String state, @Nullable String owner, @Nullable String note) {}

  private record Place(int kind, String id) {}

  private static final Cursor<Place> CURSOR =
      new Cursor<>(
          place -> place.kind() + " " + place.id(),
          text -> {
            var space = text.indexOf(' ');
            return new Place(Integer.parseInt(text.substring(0, space)), text.substring(space + 1));
          });

  private final List<EntityKind> kinds;

  Kinds(List<EntityKind> kinds) {
    this.kinds = List.copyOf(kinds);
  }

  List<EntityKind> all() {
    return kinds;
  }

  /** The type of that name; a problem (404) where there is none. */
  EntityKind named(String type) {
    return find(type).orElseThrow(() -> ProblemException.notFound("type; there are " + names()));
  }

  /** The type of that name in a query; a problem (400) where there is none. */
  private EntityKind asked(String type) {
    return find(type)
        .orElseThrow(
            () -> ProblemException.badRequest("type", "unknown type; there are " + names()));
  }

  private Optional<EntityKind> find(String type) {
    return kinds.stream().filter(kind -> kind.type().equalsIgnoreCase(type)).findFirst();
  }

  private String names() {
    return kinds.stream().map(EntityKind::type).collect(Collectors.joining(", "));
  }

  /** How many there are in each state; of one owner where that is not null. */
  CompletionStage<List<TypeView>> counts(@Nullable String owner) {
    var asked =
        kinds.stream()
            .map(
                kind ->
                    kind.projection()
                        .counts(owner)
                        .thenApply(counts -> view(kind, counts))
                        .toCompletableFuture())
            .toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> asked.stream().map(CompletableFuture::join).toList());
  }

  private static TypeView view(EntityKind kind, Map<String, Long> counts) {
    var states = new LinkedHashMap<String, Long>();
    kind.states().forEach(state -> states.put(state, counts.getOrDefault(state, 0L)));
    return new TypeView(
        kind.type(), states.values().stream().mapToLong(Long::longValue).sum(), states);
  }

  /** Entities of one type, or of all types one after the other. */
  CompletionStage<Page<EntryView>> list(
      @Nullable String type, @Nullable String state, @Nullable String cursor, int limit) {
    var chosen = type == null ? kinds : List.of(asked(type));
    if (state != null && chosen.stream().noneMatch(kind -> kind.states().contains(state))) {
      throw ProblemException.badRequest(
          "state",
          "unknown state; there are "
              + chosen.stream()
                  .flatMap(kind -> kind.states().stream())
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    var begin = cursor == null ? new Place(0, "") : CURSOR.decode(cursor);
    if (begin.kind() < 0 || begin.kind() >= chosen.size()) {
      throw ProblemException.badRequest("cursor", "not a next_cursor of this list");
    }
    return collect(chosen, state, begin, limit + 1, new ArrayList<>())
        .thenApply(
            rows ->
                Page.of(
                    rows,
                    limit,
                    row ->
                        CURSOR.encode(
                            new Place(
                                chosen.stream().map(EntityKind::type).toList().indexOf(row.type()),
                                row.id()))));
  }

  private static CompletionStage<List<EntryView>> collect(
      List<EntityKind> chosen,
      @Nullable String state,
      Place from,
      int wanted,
      List<EntryView> collected) {
    if (from.kind() >= chosen.size() || collected.size() >= wanted) {
      return CompletableFuture.completedFuture(collected);
    }
    var kind = chosen.get(from.kind());
    var next = new Place(from.kind() + 1, "");
    if (state != null && !kind.states().contains(state)) {
      return collect(chosen, state, next, wanted, collected);
    }
    return kind.projection()
        .list(state, from.id().isEmpty() ? null : from.id(), wanted - collected.size())
        .thenCompose(
            entries -> {
              entries.forEach(entry -> collected.add(view(kind, entry)));
              return collect(chosen, state, next, wanted, collected);
            });
  }

  private static EntryView view(EntityKind kind, Entry entry) {
    return new EntryView(
        kind.type(),
        entry.id(),
        entry.state(),
        entry.owner(),
        entry.note().isEmpty() ? null : entry.note());
  }
}
