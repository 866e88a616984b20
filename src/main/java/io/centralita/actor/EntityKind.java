package io.centralita.actor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.jspecify.annotations.Nullable;

/**
 * One type of entity as operators see it. Each type has one, and the program registers it in its
 * list; that is all it takes to be listed, inspected, replayed and restarted.
 *
 * <p>The entity itself takes part in two ways. It tells {@link LiveEntities} when it begins, and
 * answers the {@link EntityOrder}s that come from there. And it journals under {@link
 * #persistenceId}, so that its events can be read without waking it.
 *
 * @param key names the type, in the API as in the cluster
 * @param states what an entity of this type can be in, as the API writes them
 * @param pausing how one of this type is paused, as a sentence: never by operators' verbs
 * @param projection where lists read; never the journal
 */
public record EntityKind(
    EntityTypeKey<?> key,
    List<String> states,
    String pausing,
    Projection projection,
    Replay<?, ?> replay) {

  public EntityKind {
    states = List.copyOf(states);
  }

  /** As the API calls it, such as {@code UserFile}. */
  public String type() {
    return key.name();
  }

  /** Under which an entity's events are journalled. */
  public String persistenceId(String id) {
    return key.name() + PersistenceId.DefaultSeparator() + id;
  }

  /**
   * An entity in a list.
   *
   * @param owner whose it is; null where it is everybody's
   * @param note why it stands where it stands; empty where nothing is to be said
   */
  public record Entry(String id, String state, @Nullable String owner, String note) {}

  /** Rows about all entities of a type, kept by the entities: cheap to read, and decide nothing. */
  public interface Projection {

    /**
     * How many there are in each state; states without any may be absent.
     *
     * @param owner only this one's; null for everybody's
     */
    CompletionStage<Map<String, Long>> counts(@Nullable String owner);

    /**
     * Entities in an order that does not change.
     *
     * @param state only those; null for all
     * @param after the last entity's id of the page before; null for the beginning
     */
    CompletionStage<List<Entry>> list(@Nullable String state, @Nullable String after, int limit);

    /** One entity; empty where there is none of that id, or the id is none at all. */
    CompletionStage<Optional<Entry>> find(String id);
  }

  /**
   * How events make a state, and how both are shown. Pure: no clock, no other actor, no change.
   *
   * @param empty the state before the first event
   * @param apply the entity's own event handler
   */
  public record Replay<S, E>(
      S empty,
      Class<E> events,
      BiFunction<S, E, S> apply,
      Function<S, JsonNode> state,
      Function<E, JsonNode> event) {

    /** A replay at its beginning. */
    public Replayed<S, E> begin() {
      return new Replayed<>(this);
    }

    /** An event as JSON. */
    public JsonNode json(Object any) {
      return event.apply(events.cast(any));
    }
  }

  /** A replay under way. Not thread-safe. */
  public static final class Replayed<S, E> {
    private final Replay<S, E> replay;
    private S state;

    private Replayed(Replay<S, E> replay) {
      this.replay = replay;
      this.state = replay.empty();
    }

    public void add(Object event) {
      state = replay.apply().apply(state, replay.events().cast(event));
    }

    /** The state as JSON. */
    public JsonNode state() {
      return replay.state().apply(state);
    }
  }
}
