package io.centralita.cli;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which contacts are meant; what is not said does not matter. */
final class SelectionOptions {
  @Option(names = "--state", paramLabel = "STATE", description = "By code or name: JAL, Jalisco.")
  private @Nullable String state;

  @Option(names = "--city", paramLabel = "CITY", description = "The city of the area code.")
  private @Nullable String city;

  @Option(names = "--municipality", paramLabel = "NAME", description = "By name.")
  private @Nullable String municipality;

  @Option(names = "--lada", paramLabel = "N", description = "The area code.")
  private @Nullable Integer lada;

  @Option(
      names = "--mobile",
      arity = "1",
      paramLabel = "true|false",
      description = "Mobile or fixed, by the numbering plan.")
  private @Nullable Boolean mobile;

  @Option(
      names = "--carrier",
      paramLabel = "NAME",
      description = "Whom the number was first given to.")
  private @Nullable String carrier;

  @Option(
      names = "--opted-out",
      arity = "1",
      paramLabel = "true|false",
      description = "Only those who want no more, or only the others.")
  private @Nullable Boolean optedOut;

  @Option(
      names = "--tier",
      paramLabel = "TIERS",
      description = "Of their leads, with commas between: PREMIUM,HIGH.")
  private @Nullable String tiers;

  @Option(
      names = "--search",
      paramLabel = "WORDS",
      description = "Words of name and address; gar* is the beginning of one.")
  private @Nullable String words;

  /** As a query, without its question mark. */
  String query() {
    var query = new StringJoiner("&");
    add(query, "state", state);
    add(query, "city", city);
    add(query, "municipality", municipality);
    add(query, "lada", lada);
    add(query, "mobile", mobile);
    add(query, "carrier", carrier);
    add(query, "opted_out", optedOut);
    add(query, "quality_tier", tiers);
    add(query, "q", words);
    return query.toString();
  }

  private static void add(StringJoiner query, String name, @Nullable Object value) {
    if (value != null) {
      query.add(name + "=" + NodeCall.encoded(value.toString()));
    }
  }
}
