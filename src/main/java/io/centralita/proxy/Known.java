package io.centralita.proxy;

import io.centralita.proxy.ProxyState.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a node knows of one proxy. Belongs to the {@link ExitDesk}. */
final class Known {
  private final Account account;
  private ProxyRow row;
  private Status status;
  private long revision;
  private double score;
  private @Nullable Instant retryAt;
  private @Nullable Credentials credentials;
  private int credentialsVersion;
  private int opening;
  private Instant refusedUntil = Instant.EPOCH;
  private String refusal = "";

  Known(ProxyRow row, Account account) {
    this.account = account;
    this.row = row;
    this.status = row.status();
    this.retryAt = row.retryAt();
    tellAccount();
  }

  /** The row says so; what the proxy itself told later is better. */
  void read(ProxyRow newer) {
    row = newer;
    score = newer.errorScore();
    if (newer.revision() >= revision) {
      revision = newer.revision();
      status = newer.status();
      retryAt = newer.retryAt();
    }
    tellAccount();
  }

  /** The proxy says so. */
  void heard(ProxyStatus news) {
    if (news.revision() < revision) {
      return;
    }
    if (status != news.status()) {
      refusedUntil = Instant.EPOCH;
    }
    revision = news.revision();
    status = news.status();
    retryAt = news.retryAt();
    score = news.errorScore();
    tellAccount();
  }

  private void tellAccount() {
    var limit = status == Status.REMOVED ? null : row.limit();
    account.stands(user(), row.version(), status == Status.CLOSED, limit);
  }

  /** The proxy is gone. */
  void gone() {
    status = Status.REMOVED;
    tellAccount();
  }

  /** True once for each version whose credentials are not here. */
  boolean needsOpening() {
    if (credentialsVersion == row.version() || opening == row.version()) {
      return false;
    }
    opening = row.version();
    return true;
  }

  void opened(ProxyRow newer, Credentials clear) {
    read(newer);
    credentials = clear;
    credentialsVersion = newer.version();
    opening = 0;
  }

  /** To be opened again, with the next reading. */
  void notOpened(String why, Instant until) {
    opening = 0;
    refused(why, until);
  }

  void refused(String why, Instant until) {
    refusal = why;
    refusedUntil = until;
  }

  boolean usable(Instant now) {
    return status == Status.CLOSED && ready() && !refusedUntil.isAfter(now);
  }

  private boolean ready() {
    return credentials != null && credentialsVersion == row.version();
  }

  /** The credentials of this version of the configuration, null where they are not here. */
  @Nullable Credentials credentials(int version) {
    return ready() && row.version() == version ? credentials : null;
  }

  /** Whether this node has sessions of it that may be used. */
  boolean works() {
    return status == Status.CLOSED && account.sessions() > 0;
  }

  /** The healthier and the less burdened a proxy is, the less a session of it costs. */
  double cost() {
    return (1.0 + account.sessions()) * (1 + account.waiting()) * (1 + score / 10);
  }

  boolean isFor(String owner) {
    return user() == null || owner.equals(user());
  }

  ProxyRow row() {
    return row;
  }

  Account account() {
    return account;
  }

  Status status() {
    return status;
  }

  @Nullable String user() {
    return row.configuration().user();
  }

  @Nullable Instant retryAt() {
    return retryAt;
  }

  Instant refusedUntil() {
    return refusedUntil;
  }

  /** Why it lends nothing although its circuit is closed. */
  String refusal() {
    return ready() ? refusal : "is being read";
  }
}
