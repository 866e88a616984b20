package io.centralita.simulators;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Counts what the proxy is asked and carries; read from any thread. */
final class SocksTally {
  private final Map<String, Integer> connectionsByUser = new HashMap<>();
  private final Map<SocksFaults.Kind, Long> faults = new EnumMap<>(SocksFaults.Kind.class);
  private long refusedLogins;
  private long byName;
  private long byAddress;
  private long bytesUp;
  private long bytesDown;
  private int active;

  synchronized void loggedIn(String userName) {
    connectionsByUser.merge(userName, 1, Integer::sum);
  }

  synchronized void loginRefused() {
    refusedLogins++;
  }

  synchronized void connect(boolean named) {
    if (named) {
      byName++;
    } else {
      byAddress++;
    }
  }

  synchronized void fault(SocksFaults.Kind kind) {
    faults.merge(kind, 1L, Long::sum);
  }

  synchronized void opened() {
    active++;
  }

  synchronized void closed() {
    active--;
  }

  synchronized void up(long bytes) {
    bytesUp += bytes;
  }

  synchronized void down(long bytes) {
    bytesDown += bytes;
  }

  synchronized SocksSimulator.Stats stats() {
    return new SocksSimulator.Stats(
        Map.copyOf(connectionsByUser),
        refusedLogins,
        byName,
        byAddress,
        bytesUp,
        bytesDown,
        active,
        Map.copyOf(faults));
  }

  /** Everything back to zero but the tunnels that are open now. */
  synchronized void reset() {
    connectionsByUser.clear();
    faults.clear();
    refusedLogins = 0;
    byName = 0;
    byAddress = 0;
    bytesUp = 0;
    bytesDown = 0;
  }
}
