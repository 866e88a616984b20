package io.centralita.actor;

import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.actor.typed.MailboxSelector;
import org.jspecify.annotations.Nullable;

/**
 * How long messages wait in the mailboxes of entities: a sample of them. A part of the actor
 * system's setup, for mailboxes are made by Pekko, by reflection.
 */
public final class MailboxTimes extends Setup {

  /** Chooses, for an entity's props, the mailbox that measures. */
  public static final MailboxSelector MEASURED =
      MailboxSelector.fromConfig("centralita.entity-mailbox");

  /** Takes a measurement, on any thread; must be quick. */
  public interface Listener {
    /**
     * A message of an entity of this type waited so long.
     *
     * @param type as in {@link EntityKind#type}
     */
    void waited(String type, long nanos);
  }

  private volatile @Nullable Listener listener;

  public void tell(Listener to) {
    listener = to;
  }

  void waited(String type, long nanos) {
    var told = listener;
    if (told != null) {
      told.waited(type, nanos);
    }
  }
}
