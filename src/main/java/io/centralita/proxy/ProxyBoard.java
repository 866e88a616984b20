package io.centralita.proxy;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Where lists read how a proxy stands, and where it finds its statistics again after a crash. */
interface ProxyBoard {

  /** What is counted and not journalled. */
  record Statistics(Map<String, Long> counters, double errorScore) {
    static final Statistics NONE = new Statistics(Map.of(), 0);
  }

  /** The statistics as they were last shown; {@link Statistics#NONE} of a proxy without a row. */
  CompletionStage<Statistics> recall(long id);

  CompletionStage<?> show(ProxyStatus status);

  /** Forgets the proxy and everything stored for it. */
  CompletionStage<?> remove(long id);

  CompletionStage<?> blocked(
      long id, Exit exit, String owner, int retries, String reason, Instant at);
}
