package io.centralita.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.actor.EntityKind;
import io.centralita.actor.Inspection;
import io.centralita.http.Json;
import io.centralita.proxy.ProxyState.Status;
import java.util.List;
import java.util.stream.Stream;

/** Proxies as operators see them. Neither a state nor an event holds what it takes to log in. */
final class ProxyKind {
  private ProxyKind() {}

  static EntityKind of(EntityKind.Projection projection) {
    return new EntityKind(
        Proxy.KEY,
        Stream.of(Status.CLOSED, Status.OPEN, Status.HALF_OPEN, Status.DISABLED)
            .map(Enum::name)
            .toList(),
        "a proxy is set aside by /api/v1/proxies/{id}/disable, and used again by …/enable",
        projection,
        new EntityKind.Replay<>(
            ProxyState.EMPTY,
            ProxyEvent.class,
            ProxyState::apply,
            ProxyKind::json,
            Json.MAPPER::valueToTree));
  }

  private static JsonNode json(ProxyState state) {
    return Json.MAPPER.valueToTree(state);
  }

  /**
   * What a proxy says of itself.
   *
   * @param lent sessions that nodes use
   * @param held commands that wait for an event to be written
   */
  static Inspection inspection(
      ProxyState state, long sequenceNr, List<Inspection.Child> children, int lent, long held) {
    return new Inspection(
        state.status().name(),
        json(state),
        sequenceNr,
        state.until() == null
            ? List.of()
            : List.of(new Inspection.Timer("one call decides", state.until())),
        children,
        lent == 0 ? List.of() : List.of(new Inspection.InFlight("sessions lent", lent)),
        held);
  }
}
