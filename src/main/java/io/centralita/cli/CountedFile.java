package io.centralita.cli;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Flow;
import java.util.function.LongConsumer;

/** A file as a request's body, which tells how many bytes of it are sent. */
final class CountedFile implements BodyPublisher {
  private final BodyPublisher file;
  private final LongConsumer sent;

  /**
   * @param sent is told at every piece how many bytes are sent in all
   */
  CountedFile(Path file, LongConsumer sent) throws FileNotFoundException {
    this.file = BodyPublishers.ofFile(file);
    this.sent = sent;
  }

  @Override
  public long contentLength() {
    return file.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    file.subscribe(
        new Flow.Subscriber<>() {
          private long total;

          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(subscription);
          }

          @Override
          public void onNext(ByteBuffer piece) {
            total += piece.remaining();
            subscriber.onNext(piece);
            sent.accept(total);
          }

          @Override
          public void onError(Throwable failure) {
            subscriber.onError(failure);
          }

          @Override
          public void onComplete() {
            subscriber.onComplete();
          }
        });
  }
}
