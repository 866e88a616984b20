package io.centralita.actor;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The entities that live on this node. Each keeps a few numbers here, and nothing is computed until
 * somebody looks; an entity that ends takes its numbers with it, except what is counted by type.
 *
 * <p>Thread-safe.
 */
public final class LiveEntities {

  /** An entity by its type and id. */
  public record Name(String type, String id) {}

  /** One kind of event of one type of entity. */
  public record EventName(String type, String event) {}

  private final Map<Name, Vitals> live = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> restarts = new ConcurrentHashMap<>();
  private final Map<EventName, LongAdder> events = new ConcurrentHashMap<>();

  /**
   * An entity begins, or begins again after a failure.
   *
   * @param self the entity
   * @param orders takes what an operator tells it, on any thread
   */
  public Vitals begin(String type, String id, ActorRef<?> self, Consumer<EntityOrder> orders) {
    var name = new Name(type, id);
    return live.compute(
        name,
        (_, present) ->
            present != null && present.self().equals(self)
                ? present
                : new Vitals(this, name, self, orders));
  }

  void end(Vitals vitals) {
    live.remove(vitals.name(), vitals);
  }

  void restarted(String type) {
    restarts.computeIfAbsent(type, _ -> new LongAdder()).increment();
  }

  void journalled(EventName event) {
    events.computeIfAbsent(event, _ -> new LongAdder()).increment();
  }

  public Optional<Vitals> find(String type, String id) {
    @Nullable Vitals vitals = live.get(new Name(type, id));
    return Optional.ofNullable(vitals);
  }

  public Collection<Vitals> all() {
    return List.copyOf(live.values());
  }

  /** How many of each type live here. */
  public Map<String, Integer> counts() {
    var counts = new TreeMap<String, Integer>();
    live.keySet().forEach(name -> counts.merge(name.type(), 1, Integer::sum));
    return counts;
  }

  /** How often entities of this type were restarted since the node began. */
  public long restarts(String type) {
    var counted = restarts.get(type);
    return counted == null ? 0 : counted.sum();
  }

  /** How many events were journalled since the node began. */
  public Map<EventName, Long> events() {
    var counts = new java.util.HashMap<EventName, Long>();
    events.forEach((name, count) -> counts.put(name, count.sum()));
    return counts;
  }
}
