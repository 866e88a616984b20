package io.centralita.validation;

import java.net.URI;

/** Who is asked, and by which credentials; none of these is ever shown. */
public sealed interface Source {

  /** Where it is, without a slash at its end. */
  URI url();

  /**
   * A validator service that the customer runs.
   *
   * @param url its address, without {@code /check} and a slash at its end
   * @param token sent as a bearer token; may be empty
   */
  record Service(URI url, String token) implements Source {
    @Override
    public String toString() {
      return "Service[" + url.getHost() + "]";
    }
  }

  /** Telnyx Number Lookup. */
  record Telnyx(URI url, String key) implements Source {
    @Override
    public String toString() {
      return "Telnyx[" + url.getHost() + "]";
    }
  }

  /**
   * Twilio Lookup, version 2.
   *
   * @param account the account's SID, or that of an API key
   */
  record Twilio(URI url, String account, String token) implements Source {
    @Override
    public String toString() {
      return "Twilio[" + url.getHost() + "]";
    }
  }

  /**
   * Google's RCS Business Messaging.
   *
   * @param agentId on whose behalf is asked
   */
  record Rbm(URI url, String agentId, ServiceAccount account) implements Source {
    @Override
    public String toString() {
      return "Rbm[" + url.getHost() + "]";
    }
  }
}
