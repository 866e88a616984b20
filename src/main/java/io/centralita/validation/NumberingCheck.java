package io.centralita.validation;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.centralita.contacts.NumberingPlans;
import io.centralita.phone.LineKind;
import io.centralita.phone.NumberingPlan;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Evidence.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Carrier and kind of line by the numbering plan in force, and where that says nothing by
 * libphonenumber's. It asks nobody. A number is ACTIVE where its range is assigned, which does not
 * say that anybody has it, and NOT_FOUND where it is not.
 */
final class NumberingCheck implements Validator {
  private static final int MOST = 1000;

  private final NumberingPlans plans;

  NumberingCheck(NumberingPlans plans) {
    this.plans = plans;
  }

  @Override
  public String method() {
    return "numbering";
  }

  @Override
  public int largestBatch() {
    return MOST;
  }

  @Override
  public CompletionStage<Reply> check(List<Long> phones) {
    return plans
        .inForce()
        .thenApply(
            plan -> {
              var verdicts = new HashMap<Long, Verdict>();
              phones.forEach(phone -> verdicts.put(phone, verdict(plan, phone)));
              return new Reply.Answered(verdicts);
            });
  }

  private static Verdict verdict(Optional<NumberingPlan> plan, long phone) {
    if (plan.isPresent()) {
      var range = plan.get().find(phone);
      if (range >= 0) {
        return assigned(plan.get(), range);
      }
      if (PhoneNumbers.isMexican(phone)) { // the plan is Mexico's, and knows all of its ranges
        return Verdict.of(Status.NOT_FOUND);
      }
    }
    return byLibrary(phone);
  }

  private static Verdict assigned(NumberingPlan plan, int range) {
    var carrier = plan.carriers().get(plan.carrier(range));
    return Verdict.of(Status.ACTIVE)
        .with(
            new LineDetails(
                plan.kind(range) == LineKind.MOBILE ? LineDetails.MOBILE : LineDetails.FIXED,
                carrier.isEmpty() ? null : carrier,
                null,
                null));
  }

  private static Verdict byLibrary(long phone) {
    var library = PhoneNumberUtil.getInstance();
    try {
      var number = library.parse(PhoneNumbers.e164(phone), null);
      return library.isValidNumber(number)
          ? Verdict.of(Status.ACTIVE)
              .with(new LineDetails(lineType(library.getNumberType(number)), null, null, null))
          : Verdict.of(Status.NOT_FOUND);
    } catch (NumberParseException _) {
      return Verdict.of(Status.NOT_FOUND);
    }
  }

  private static @Nullable String lineType(PhoneNumberUtil.PhoneNumberType type) {
    return switch (type) {
      case MOBILE -> LineDetails.MOBILE;
      case FIXED_LINE -> LineDetails.FIXED;
      case VOIP -> LineDetails.VOIP;
      case TOLL_FREE -> LineDetails.TOLL_FREE;
      case FIXED_LINE_OR_MOBILE, UNKNOWN -> null;
      case PREMIUM_RATE, SHARED_COST, PERSONAL_NUMBER, PAGER, UAN, VOICEMAIL -> LineDetails.OTHER;
    };
  }
}
