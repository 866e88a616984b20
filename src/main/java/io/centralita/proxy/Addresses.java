package io.centralita.proxy;

import io.centralita.outside.PrivateAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Which addresses a proxy may have. Where private ones are forbidden, nobody can make a node call
 * into the network that it stands in by calling its address a proxy.
 */
final class Addresses {
  private final boolean privateAllowed;
  private final Executor resolving;

  /**
   * @param resolving where names are resolved, which blocks
   */
  Addresses(boolean privateAllowed, Executor resolving) {
    this.privateAllowed = privateAllowed;
    this.resolving = resolving;
  }

  /**
   * Why a proxy may not be there; empty where it may. A name that does not resolve now may: it says
   * nothing, and its calls will fail.
   */
  CompletionStage<String> objection(String host) {
    return privateAllowed
        ? CompletableFuture.completedFuture("")
        : CompletableFuture.supplyAsync(() -> look(host), resolving);
  }

  private static String look(String host) {
    try {
      for (var address : InetAddress.getAllByName(host)) {
        if (PrivateAddresses.contains(address)) {
          return "a loopback, private or link-local address, which centralita.proxy.allow-private"
              + " forbids";
        }
      }
      return "";
    } catch (UnknownHostException _) {
      return "";
    }
  }
}
