package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.centralita.cli.SseReader.Event;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SseReaderTest {
  private final SseReader reader = new SseReader();

  @Test
  void event_isCompleteAtTheEmptyLine() {
    assertEquals(List.of(new Event("progress", "{}")), read("event: progress\ndata: {}\n\n"));
  }

  @Test
  void event_withoutName_isAMessage() {
    assertEquals(List.of(new Event("message", "a")), read("data:a\n\n"));
  }

  @Test
  void data_onSeveralLines_isJoined() {
    assertEquals(List.of(new Event("message", "a\n\n b")), read("data: a\ndata\ndata:  b\n\n"));
  }

  @Test
  void heartbeatsAndComments_areNoEvents() {
    assertEquals(List.of(), read("\n\n: still here\n\n"));
  }

  @Test
  void name_isForgottenWithItsEvent() {
    assertEquals(
        List.of(new Event("progress", "1"), new Event("message", "2")),
        read("event: progress\ndata: 1\n\ndata: 2\n\n"));
  }

  @Test
  void event_cutOff_isNotGiven() {
    assertEquals(List.of(), read("event: progress\ndata: {\"id\":1\n"));
  }

  private List<Event> read(String stream) {
    return stream.lines().map(reader::line).flatMap(Optional::stream).toList();
  }
}
