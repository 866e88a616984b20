package io.centralita.contacts;

import io.centralita.contacts.Place.Kind;
import io.centralita.http.Problem;
import io.centralita.http.Problem.FieldError;
import io.centralita.http.ProblemException;
import io.centralita.phone.MexicanState;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The places and carriers of the store at one moment, by name: forgiving to whoever types one.
 *
 * <p>A name is first looked for as it is, but for capitals, accents and punctuation; a state also
 * by its code and by what else it is called. Where there is none, one letter may be wrong, if that
 * leaves one name only.
 */
final class Gazetteer {
  private static final int SUGGESTIONS = 5;

  private final Map<Kind, List<Place>> places = new HashMap<>();
  private final Map<Kind, Map<Integer, Place>> byId = new HashMap<>();
  private final Map<Integer, String> stateCodes;

  /**
   * @param stateCodes by id
   */
  Gazetteer(Collection<Place> all, Map<Integer, String> stateCodes) {
    this.stateCodes = Map.copyOf(stateCodes);
    for (var kind : Kind.values()) {
      var some = all.stream().filter(place -> place.kind() == kind).toList();
      // 0 is none, and has no name to be found by.
      places.put(kind, some.stream().filter(place -> !place.key().isEmpty()).toList());
      var ids = new HashMap<Integer, Place>();
      some.forEach(place -> ids.put(place.id(), place));
      byId.put(kind, ids);
    }
  }

  /** Whether every id is known that a row of contacts names. */
  boolean knows(int city, int municipality, int carrier) {
    return byId(Kind.CITY).containsKey(city)
        && byId(Kind.MUNICIPALITY).containsKey(municipality)
        && byId(Kind.CARRIER).containsKey(carrier);
  }

  /** The name; null for 0, which is none. */
  @Nullable String name(Kind kind, int id) {
    var place = byId(kind).get(id);
    return place == null || place.name().isEmpty() ? null : place.name();
  }

  @Nullable String stateCode(int id) {
    var code = stateCodes.getOrDefault(id, "");
    return code.isEmpty() ? null : code;
  }

  private List<Place> all(Kind kind) {
    return places.getOrDefault(kind, List.of());
  }

  private Map<Integer, Place> byId(Kind kind) {
    return byId.getOrDefault(kind, Map.of());
  }

  /**
   * What is meant by the selection.
   *
   * @param in how the request calls what the selection is in, with a dot; or empty
   * @throws ProblemException (404) where there is no place or carrier of a name; offers the nearest
   */
  Criteria criteria(Selection selection, String in) {
    var states = ids(found(Kind.STATE, selection.state(), in, _ -> true));
    return new Criteria(
        states,
        ids(
            found(
                Kind.MUNICIPALITY,
                selection.municipality(),
                in,
                place -> states.isEmpty() || states.contains(place.state()))),
        ids(found(Kind.CITY, selection.city(), in, _ -> true)),
        selection.lada(),
        selection.mobile() == null ? null : selection.mobile() ? Criteria.MOBILE : Criteria.FIXED,
        ids(found(Kind.CARRIER, selection.carrier(), in, _ -> true)),
        selection.optedOut(),
        null,
        selection.neverSent(),
        selection.lastSentBefore(),
        selection.lastSentAfter(),
        selection.sendsMin(),
        selection.sendsMax(),
        selection.tsquery().orElse(null),
        selection.tiers());
  }

  private static List<Integer> ids(List<Place> places) {
    return places.stream().map(Place::id).sorted().toList();
  }

  private List<Place> found(Kind kind, @Nullable String name, String in, Predicate<Place> among) {
    if (name == null) {
      return List.of();
    }
    var found = find(kind, name, among);
    if (found.isEmpty()) {
      throw unknown(kind, name, in, among);
    }
    return found;
  }

  /** All places of this name; several where states share it. */
  List<Place> find(Kind kind, String name, Predicate<Place> among) {
    var key = Folded.key(name);
    var exact = all(kind).stream().filter(among).filter(place -> place.key().equals(key)).toList();
    if (!exact.isEmpty()) {
      return exact;
    }
    if (kind == Kind.STATE) {
      var state = MexicanState.of(name);
      if (state.isPresent()) {
        return Stream.ofNullable(byId(kind).get(Integer.parseInt(state.get().inegi()))).toList();
      }
    }
    var near =
        all(kind).stream()
            .filter(among)
            .filter(place -> Nearness.oneLetterWrong(key, place.key()))
            .toList();
    return near.stream().map(Place::key).distinct().count() == 1 ? near : List.of();
  }

  private ProblemException unknown(Kind kind, String name, String in, Predicate<Place> among) {
    var nearest = nearest(kind, name, among);
    var reason = "there is no " + kind.word() + " of this name";
    return new ProblemException(
        Problem.of(404, reason)
            .withErrors(List.of(new FieldError(in + kind.word(), reason)))
            .withSuggestions(nearest.stream().map(Place::name).distinct().toList()));
  }

  private List<Place> nearest(Kind kind, String name, Predicate<Place> among) {
    return Nearness.nearest(Folded.key(name), all(kind).stream().filter(among), SUGGESTIONS);
  }

  /**
   * What may be meant by the beginning of a name.
   *
   * @param kind null for places of all kinds, carriers not among them
   */
  List<Place> suggest(@Nullable Kind kind, String text, int most) {
    var kinds = kind == null ? List.of(Kind.STATE, Kind.CITY, Kind.MUNICIPALITY) : List.of(kind);
    return Nearness.nearest(
        Folded.key(text), kinds.stream().flatMap(one -> all(one).stream()), most);
  }
}
