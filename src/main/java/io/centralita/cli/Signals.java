package io.centralita.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * SIGINT and SIGTERM. The first is answered as the command wishes, the second ends the process at
 * once. A shutdown hook could do neither: it cannot choose the exit status, and hears no second
 * signal.
 */
final class Signals {
  private Signals() {}

  /** Calls back, on a thread of its own, at the first signal. */
  static void onFirst(Runnable answer) {
    var heard = new AtomicInteger();
    handle("INT", heard, answer, 130);
    handle("TERM", heard, answer, 143);
  }

  // By reflection: javac warns of sun.misc whatever it is told, and warnings are errors here.
  private static void handle(String name, AtomicInteger heard, Runnable answer, int status) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var ours =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (_, _, _) -> {
                if (heard.incrementAndGet() == 1) {
                  Thread.ofPlatform().name("signal").start(answer);
                } else {
                  Runtime.getRuntime().halt(status);
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("SIG" + name + " cannot be listened to", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no signals", e);
    }
  }
}
