package io.centralita;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CountDownLatch;

/** The program. */
public final class Main {
  private Main() {}

  static void main(String[] args) throws InterruptedException {
    var node = Node.start(ConfigFactory.empty());
    System.out.println("serving on " + node.uri() + " " + args.length);
    Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop"));
    new CountDownLatch(1).await();
  }
}
