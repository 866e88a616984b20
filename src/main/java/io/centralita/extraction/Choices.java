package io.centralita.extraction;

import io.centralita.access.Principal;
import io.centralita.contacts.Segments;
import io.centralita.contacts.Selection;
import io.centralita.http.ProblemException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What people mean by a type and a value. */
final class Choices {
  private static final int LONGEST = 200;

  private final Segments segments;
  private final Supplier<CompletionStage<List<Integer>>> bestLadas;

  /**
   * @param bestLadas those of highest household income, the highest first; none where nothing says
   */
  Choices(Segments segments, Supplier<CompletionStage<List<Integer>>> bestLadas) {
    this.segments = segments;
    this.bestLadas = bestLadas;
  }

  /**
   * What the asker means.
   *
   * @param value a name; of a segment also its number; null or empty for premium
   * @throws ProblemException (400) where the value cannot be one of its type
   */
  CompletionStage<Choice> of(Principal who, Type type, @Nullable String value) {
    if (type == Type.PREMIUM) {
      if (value != null && !value.isEmpty()) {
        throw ProblemException.badRequest(Choice.FIELD, "premium takes none: leave it out");
      }
      return premium();
    }
    if (value == null || value.isBlank()) {
      throw ProblemException.badRequest(Choice.FIELD, "required: the name of a " + type.word());
    }
    if (value.length() > LONGEST) {
      throw ProblemException.badRequest(Choice.FIELD, "longer than " + LONGEST + " characters");
    }
    return type == Type.SEGMENT
        ? segment(who, value)
        : CompletableFuture.completedStage(place(type, value));
  }

  private CompletionStage<Choice> premium() {
    return bestLadas
        .get()
        .thenApply(
            ladas -> {
              if (ladas.isEmpty()) {
                throw ProblemException.conflict(
                    "no import says which LADAs have the highest income: import a file with the"
                        + " table mejores_ladas");
              }
              return new Choice(Type.PREMIUM, "", ladas.stream().map(Choices::lada).toList());
            });
  }

  private static Selection lada(int lada) {
    return with(null, null, null, lada);
  }

  private static Choice place(Type type, String value) {
    var selection =
        with(
            type == Type.STATE ? value : null,
            type == Type.CITY ? value : null,
            type == Type.MUNICIPALITY ? value : null,
            null);
    try {
      return new Choice(type, value, List.of(selection.checked("")));
    } catch (ProblemException e) {
      throw Choice.ofValue(e);
    }
  }

  private static Selection with(
      @Nullable String state,
      @Nullable String city,
      @Nullable String municipality,
      @Nullable Integer lada) {
    return new Selection(
        state,
        city,
        municipality,
        lada,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private CompletionStage<Choice> segment(Principal who, String value) {
    return segments
        .meant(who, value)
        .thenApply(
            found ->
                found
                    .map(one -> new Choice(Type.SEGMENT, value, List.of(drawable(one.filter()))))
                    .orElseThrow(
                        () -> Choice.ofValue(ProblemException.notFound("segment of yours"))));
  }

  private static Selection drawable(Selection filter) {
    if (Boolean.TRUE.equals(filter.optedOut())) {
      throw ProblemException.badRequest(
          Choice.FIELD, "the segment means those who opted out: they are never drawn");
    }
    return filter;
  }
}
