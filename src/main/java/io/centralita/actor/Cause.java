package io.centralita.actor;

/**
 * Who asked for something, and why.
 *
 * @param by the user or part of the system that asked
 * @param reason in the asker's words; empty where none was given
 * @param requestId the request that brought it, to be found in the logs; empty where none did
 */
public record Cause(String by, String reason, String requestId) implements CborSerializable {

  /** By whom and why, in words. */
  public String words() {
    return reason.isEmpty() ? "by " + by : "by " + by + ", " + reason;
  }
}
