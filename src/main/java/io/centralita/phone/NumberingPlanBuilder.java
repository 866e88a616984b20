package io.centralita.phone;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a plan of ranges in any order. Where two overlap, the later one holds. */
final class NumberingPlanBuilder {

  private record Range(long first, long last, LineKind kind, int carrier) {

    Range between(long from, long to) {
      return new Range(from, to, kind, carrier);
    }

    boolean continues(Range before) {
      return first == before.last + 1 && kind == before.kind && carrier == before.carrier;
    }
  }

  private final TreeMap<Long, Range> ranges = new TreeMap<>();
  private final Map<String, Integer> carriers = new HashMap<>();
  private final List<String> carrierNames = new ArrayList<>();

  /** Whether the range overlapped earlier ones, and took their place where it did. */
  boolean add(long first, long last, LineKind kind, String carrier) {
    var number =
        carriers.computeIfAbsent(
            carrier,
            name -> {
              carrierNames.add(name);
              return carrierNames.size() - 1;
            });
    var overlapped = cut(first, last);
    ranges.put(first, new Range(first, last, kind, number));
    return overlapped;
  }

  private boolean cut(long first, long last) {
    var overlapped = false;
    for (var entry = ranges.floorEntry(last);
        entry != null && entry.getValue().last() >= first;
        entry = ranges.floorEntry(last)) {
      overlapped = true;
      var old = entry.getValue();
      ranges.remove(old.first());
      if (old.last() > last) {
        ranges.put(last + 1, old.between(last + 1, old.last()));
      }
      if (old.first() < first) {
        ranges.put(old.first(), old.between(old.first(), first - 1));
      }
    }
    return overlapped;
  }

  NumberingPlan build() {
    var merged = new ArrayList<Range>();
    for (var range : ranges.values()) {
      if (!merged.isEmpty() && range.continues(merged.getLast())) {
        merged.add(range.between(merged.removeLast().first(), range.last()));
      } else {
        merged.add(range);
      }
    }
    return new NumberingPlan(
        merged.stream().mapToLong(Range::first).toArray(),
        merged.stream().mapToLong(Range::last).toArray(),
        merged.stream().map(Range::kind).toArray(LineKind[]::new),
        merged.stream().mapToInt(Range::carrier).toArray(),
        carrierNames);
  }
}
