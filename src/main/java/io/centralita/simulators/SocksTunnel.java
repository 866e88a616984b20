package io.centralita.simulators;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/** Two connections as one: what either side sends, the other gets, until either ends. */
final class SocksTunnel {
  private final NetSocket client;
  private final NetSocket server;
  private final SocksTally tally;
  private int openEnds = 2;

  SocksTunnel(NetSocket client, NetSocket server, SocksTally tally) {
    this.client = client;
    this.server = server;
    this.tally = tally;
  }

  /**
   * Begins to carry.
   *
   * @param early what the client has sent already
   * @param answerLimit both ends are closed after so many bytes of the answer
   */
  void open(Buffer early, long answerLimit) {
    tally.opened();
    var toServer = new Metered(server, tally::up, Long.MAX_VALUE, this::cut);
    var toClient = new Metered(client, tally::down, answerLimit, this::cut);
    if (early.length() > 0) {
      toServer.write(early);
    }
    var up = client.pipe();
    var down = server.pipe();
    // A pipe ends its target once all has passed. Towards a closed end nothing will ever pass: that
    // pipe must let go, or its source would stay paused and never be seen to end.
    client.closeHandler(
        _ -> {
          closed();
          down.close();
        });
    server.closeHandler(
        _ -> {
          closed();
          up.close();
        });
    up.to(toServer);
    down.to(toClient);
  }

  private void cut() {
    client.close();
    server.close();
  }

  private void closed() {
    openEnds--;
    if (openEnds == 0) {
      tally.closed();
    }
  }
}
