package io.centralita.simulators;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one kind of service is asked, and how it answers and refuses. */
sealed interface ValidatorContract
    permits CheckContract, TelnyxContract, TwilioContract, RbmContract {

  /** What a request comes to. */
  sealed interface Question {}

  /**
   * Numbers to be answered.
   *
   * @param withDetails whether the request names what the answer is to hold
   */
  record Asked(List<Long> numbers, boolean withDetails) implements Question {
    public Asked {
      numbers = List.copyOf(numbers);
    }

    long first() {
      return numbers.getFirst();
    }
  }

  /** A request that the service does not understand. */
  record Refused(ValidatorReply reply) implements Question {}

  /** Whether the header {@code Authorization} holds the token. */
  default boolean admits(@Nullable String authorization, String token) {
    return ("Bearer " + token).equals(authorization);
  }

  /**
   * @param number the path's number, empty where the path has none
   */
  Question question(HttpServerRequest request, String number, Buffer body, ValidatorFaults faults);

  /** The answer, bent by a fault where there is one. */
  ValidatorReply answer(Asked asked, ValidatorFaults.@Nullable Kind fault, ValidatorMood mood);

  ValidatorReply unauthorized();

  ValidatorReply tooMany();

  ValidatorReply serverError();
}
