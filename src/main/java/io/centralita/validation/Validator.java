package io.centralita.validation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Something that can say whether a platform knows numbers. It tries nothing twice and waits for
 * nobody: that is for those who call it.
 */
interface Validator {

  /** What came of a call. */
  sealed interface Reply {

    /**
     * It answered. Numbers it left out have no verdict, and it has none for others.
     *
     * @param verdicts by number, in E.164 without the plus
     */
    record Answered(Map<Long, Verdict> verdicts) implements Reply {}

    /** It wants no call for so long. */
    record Throttled(Duration pause) implements Reply {}

    /** It answered, and nothing can be made of the answer; or it did not answer. */
    record Broken(String why) implements Reply {}
  }

  /** How it finds out, as results tell it. */
  String method();

  /** The most numbers that one call may ask for. */
  int largestBatch();

  /** Asks once. The stage does not fail. */
  CompletionStage<Reply> check(List<Long> phones);
}
