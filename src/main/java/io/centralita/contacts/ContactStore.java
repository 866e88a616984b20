package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Users;
import io.centralita.db.Db;
import io.centralita.http.Json;
import org.apache.pekko.http.javadsl.server.Route;

/** The contacts, put together: how they are read, what people decide, and the routes of both. */
public final class ContactStore {

  /** What the feature stands on. */
  public record Ground(
      Db db, Users users, Authenticated authenticated, Idempotency idempotency, Json json) {}

  private final Contacts contacts;
  private final ContactRoutes contactRoutes;
  private final OptOutRoutes optOutRoutes;
  private final SegmentRoutes segmentRoutes;
  private final BestLadaRoutes bestLadaRoutes;

  public ContactStore(Ground ground) {
    var db = ground.db();
    var placeNames = new PlaceNames(db);
    contacts = new Contacts(db, placeNames);
    var optOuts = new OptOuts(db);
    optOutRoutes =
        new OptOutRoutes(optOuts, ground.authenticated(), ground.idempotency(), ground.json());
    contactRoutes =
        new ContactRoutes(
            contacts,
            new ContactExport(db, placeNames),
            new ContactHistory(db),
            new ContactCheck(db),
            optOuts,
            optOutRoutes,
            placeNames,
            ground.authenticated());
    segmentRoutes =
        new SegmentRoutes(
            new Segments(db),
            contacts,
            ground.users(),
            ground.authenticated(),
            ground.idempotency(),
            ground.json());
    bestLadaRoutes = new BestLadaRoutes(new BestLadas(db), ground.authenticated());
  }

  /** The contacts, for those who read them. */
  public Contacts contacts() {
    return contacts;
  }

  public Route route() {
    return concat(
        contactRoutes.route(), optOutRoutes.route(), segmentRoutes.route(), bestLadaRoutes.route());
  }
}
