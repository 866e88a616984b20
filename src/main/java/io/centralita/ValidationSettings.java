package io.centralita;

import io.centralita.cluster.Limit;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.Runs;
import io.centralita.outside.Backoff;
import io.centralita.outside.Circuit;
import io.centralita.validation.Check;
import io.centralita.validation.Price;
import io.centralita.validation.ServiceAccount;
import io.centralita.validation.Source;
import io.centralita.validation.Validating;
import java.math.BigDecimal;
import java.net.URI;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The settings of validation. */
final class ValidationSettings {
  private static final String AT = "validation.";
  private static final String RBM = AT + "rbm.";
  private static final String MONEY =
      "expected an amount such as 0.0025, with six decimals at most";
  private static final String TELNYX = "https://api.telnyx.com";
  private static final String TWILIO = "https://lookups.twilio.com";

  private ValidationSettings() {}

  /** The variables that hold the services' credentials, and the settings they are for. */
  static Map<String, String> secrets() {
    var secrets = new HashMap<String, String>();
    for (var check : Check.values()) {
      check
          .platform()
          .ifPresent(
              platform ->
                  secrets.put(
                      "CENTRALITA_VALIDATOR_" + platform + "_TOKEN",
                      "centralita." + at(check) + "token"));
    }
    secrets.put("CENTRALITA_CARRIER_TOKEN", "centralita." + at(Check.CARRIER) + "token");
    secrets.put("CENTRALITA_RBM_SERVICE_ACCOUNT", "centralita." + RBM + "service-account");
    return secrets;
  }

  private static String at(Check check) {
    return AT + "services." + check.name().toLowerCase(Locale.ROOT) + ".";
  }

  static Validating.Settings read(SettingReader settings, Runs.Timeouts timeouts) {
    return new Validating.Settings(
        services(settings),
        settings.duration(AT + "answer-kept"),
        new Backoff(
            settings.duration(AT + "backoff.first"), settings.duration(AT + "backoff.longest"), 2),
        new Circuit.Settings(
            settings.number(AT + "circuit.failures", 1, 1_000_000),
            new Backoff(
                settings.duration(AT + "circuit.first"),
                settings.duration(AT + "circuit.longest"),
                2)),
        settings.duration(AT + "paid-again"),
        settings.number(AT + "node-windows", 1, 10_000),
        settings.duration(AT + "sweep-every"),
        new RunKind.Retry(
            settings.duration(AT + "retry.first"), settings.duration(AT + "retry.longest")),
        timeouts);
  }

  private static Map<Check, Validating.Service> services(SettingReader settings) {
    var services = new EnumMap<Check, Validating.Service>(Check.class);
    for (var check : Check.values()) {
      source(settings, check)
          .ifPresent(source -> services.put(check, service(settings, check, source)));
    }
    return services;
  }

  private static Optional<Source> source(SettingReader settings, Check check) {
    return switch (check) {
      case WHATSAPP, INSTAGRAM, FACEBOOK, APPLE -> own(settings, check);
      case GOOGLE -> {
        var own = own(settings, check);
        var rbm = rbm(settings);
        if (own.isPresent() && rbm.isPresent()) {
          throw settings.bad(
              RBM + "agent-id", "google has a validator service, too: set one of the two");
        }
        yield own.or(() -> rbm);
      }
      case CARRIER -> carrier(settings);
      case NUMBERING -> Optional.empty();
    };
  }

  private static Optional<Source> own(SettingReader settings, Check check) {
    var at = at(check);
    return settings.text(at + "url").isEmpty()
        ? Optional.empty()
        : Optional.of(new Source.Service(base(settings, at + "url"), settings.text(at + "token")));
  }

  private static Optional<Source> rbm(SettingReader settings) {
    var agent = settings.text(RBM + "agent-id");
    if (agent.isEmpty()) {
      return Optional.empty();
    }
    if (!agent.matches("[A-Za-z0-9_.-]{1,100}")) {
      throw settings.bad(RBM + "agent-id", "expected letters, digits, and _.-");
    }
    try {
      return Optional.of(
          new Source.Rbm(
              base(settings, RBM + "url"),
              agent,
              ServiceAccount.parse(settings.text(RBM + "service-account"))));
    } catch (IllegalArgumentException e) {
      throw settings.bad(RBM + "service-account", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Source> carrier(SettingReader settings) {
    var at = at(Check.CARRIER);
    var provider = settings.text(at + "provider");
    return switch (provider) {
      case "" -> Optional.empty();
      case "telnyx" ->
          Optional.of(
              new Source.Telnyx(url(settings, at, TELNYX), required(settings, at + "token")));
      case "twilio" ->
          Optional.of(
              new Source.Twilio(
                  url(settings, at, TWILIO),
                  required(settings, at + "account"),
                  required(settings, at + "token")));
      default -> throw settings.bad(at + "provider", "expected telnyx or twilio, or nothing");
    };
  }

  private static URI url(SettingReader settings, String at, String otherwise) {
    return settings.text(at + "url").isEmpty() ? URI.create(otherwise) : base(settings, at + "url");
  }

  /** An address to which paths are added. */
  private static URI base(SettingReader settings, String path) {
    return URI.create(settings.url(path).toString().replaceAll("/+$", ""));
  }

  private static String required(SettingReader settings, String path) {
    var text = settings.text(path);
    if (text.isEmpty()) {
      throw settings.bad(path, "the provider asks for it");
    }
    return text;
  }

  private static Validating.Service service(SettingReader settings, Check check, Source source) {
    var at = at(check);
    var perSecond = settings.number(at + "calls-per-second", 0, 1_000_000);
    return new Validating.Service(
        source,
        new Limit(
            settings.number(at + "calls-at-once", 1, 100_000),
            perSecond == 0 ? Double.POSITIVE_INFINITY : perSecond),
        settings.number(at + "largest-batch", 1, 1000),
        settings.duration(at + "timeout"),
        new Price(
            money(settings, at + "cost-per-call", 0),
            money(settings, at + "cost-per-month", Long.MAX_VALUE)));
  }

  /** An amount of money in millionths; the other where it is empty. */
  private static long money(SettingReader settings, String path, long otherwise) {
    var text = settings.text(path);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      var micros = Price.micros(new BigDecimal(text));
      if (micros >= 0) {
        return micros;
      }
    } catch (ArithmeticException | NumberFormatException _) {
      throw settings.bad(path, MONEY);
    }
    throw settings.bad(path, MONEY);
  }
}
