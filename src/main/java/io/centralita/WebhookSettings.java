package io.centralita;

import io.centralita.webhooks.Webhooks;

/** The settings of webhooks. */
final class WebhookSettings {
  private static final String AT = "webhooks.";

  private WebhookSettings() {}

  static Webhooks.Settings read(SettingReader settings) {
    var timeout = settings.duration(AT + "timeout");
    var lease = settings.duration(AT + "lease");
    // Finding the address takes as long as the call at most.
    if (lease.compareTo(timeout.multipliedBy(2)) <= 0) {
      throw settings.bad(AT + "lease", "expected more than twice webhooks.timeout");
    }
    return new Webhooks.Settings(
        settings.flag(AT + "allow-private"),
        settings.flag(AT + "allow-http"),
        timeout,
        settings.durations(AT + "retries"),
        settings.duration(AT + "poll-every"),
        settings.number(AT + "at-once", 1, 1000),
        lease,
        settings.duration(AT + "secret-overlap"),
        settings.duration(AT + "disable-after"),
        settings.number(AT + "disable-attempts", 1, 1_000_000),
        settings.duration(AT + "retention"));
  }
}
