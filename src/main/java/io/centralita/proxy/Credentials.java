package io.centralita.proxy;

import io.centralita.outside.Socks5;
import java.util.List;

/**
 * Who we are to one proxy: one or more user names with one password; no name where the proxy asks
 * nobody to log in. Residential providers choose the exit address by the user name: {@code
 * user-{id}-region-{cc}-sessid-{session}-sesstime-{minutes}}.
 */
record Credentials(List<String> userNames, String password) {

  private static final String SESSION = "-sessid-";

  Credentials {
    userNames = List.copyOf(userNames);
  }

  /** As it is encrypted: a line for each name, the last line the password. */
  String text() {
    return String.join("\n", userNames) + "\n" + password;
  }

  static Credentials of(String text) {
    var last = text.lastIndexOf('\n');
    var names = text.substring(0, last);
    return new Credentials(
        names.isEmpty() ? List.of() : List.of(names.split("\n", -1)), text.substring(last + 1));
  }

  /** Whether this name's address is another for each session that we name. */
  boolean namesSessions(int userNo) {
    return userNo >= 0
        && userNames.get(userNo).startsWith("user-")
        && !userNames.get(userNo).contains(SESSION); // or somebody chose a session
  }

  /** The way out through an exit. */
  Socks5 socks5(String host, Exit exit) {
    if (exit.userNo() < 0) {
      return new Socks5(host, exit.port(), "", "");
    }
    var name = userNames.get(exit.userNo());
    return new Socks5(
        host,
        exit.port(),
        namesSessions(exit.userNo()) ? inSession(name, exit.session()) : name,
        password);
  }

  /** A provider's user name with a session in it. */
  static String inSession(String name, String session) {
    return name
        + (name.contains("-region-") ? "" : "-region-es")
        + SESSION
        + session
        + "-sesstime-"
        + Rules.SESSTIME_MINUTES;
  }

  /** The names are secrets as well: providers bill by them. */
  @Override
  public String toString() {
    return "Credentials[" + userNames.size() + " user names]";
  }
}
