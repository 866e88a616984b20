package io.centralita.lookup;

import io.centralita.lookup.Asking.Asked;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what a crash makes a file ask for again. An operator is durable as soon as it is known,
 * any other outcome when its window is stored; until then it is exposed, and of one file no more
 * than a window's worth of numbers is.
 *
 * <p>First come, first served: a window that was begun earlier gets all it needs before a later one
 * gets anything, so it ends, and nothing waits for ever.
 */
final class Exposure {
  private final int most;
  private final Map<String, File> files = new HashMap<>();

  /**
   * @param most numbers of one file that may be exposed; no window may hold more
   */
  Exposure(int most) {
    this.most = most;
  }

  /** What windows of one file have taken between them. */
  private static final class File {
    final ArrayDeque<Question> waiting = new ArrayDeque<>();
    int free;
    int windows;
    boolean asking;

    File(int free) {
      this.free = free;
    }
  }

  /** A number to be asked for as soon as its file may. */
  private record Question(Window window, Supplier<Asked> ask, CompletableFuture<Finding> finding) {}

  /** The questions of one window, from here until it is stored. */
  final class Window implements AutoCloseable {
    private final String fileId;
    private final List<Asked> asked = new ArrayList<>();
    private int exposed;
    private boolean closed;

    private Window(String fileId) {
      this.fileId = fileId;
    }

    /**
     * Asks as soon as it may; a future fails where the window is closed before that. All of the
     * window's questions at once: were those of two windows mixed, each could hold for ever what
     * the other waits for.
     */
    List<CompletableFuture<Finding>> ask(List<Supplier<Asked>> asks) {
      var questions =
          asks.stream()
              .map(ask -> new Question(this, ask, new CompletableFuture<Finding>()))
              .toList();
      boolean late;
      synchronized (Exposure.this) {
        late = closed;
        if (!late) {
          file(fileId).waiting.addAll(questions);
        }
      }
      if (late) {
        questions.forEach(question -> question.finding().cancel(false));
      }
      askOn(fileId);
      return questions.stream().map(Question::finding).toList();
    }

    /** Loses interest in everything that has no answer yet. */
    void withdraw() {
      end().forEach(one -> one.withdraw().run());
    }

    /** The window is stored, or given up: nothing of it is exposed any more. */
    @Override
    public void close() {
      var _ = end();
    }

    /** Ends it, once; what was asked for until then. */
    private List<Asked> end() {
      var never = new ArrayList<Question>();
      List<Asked> begun;
      synchronized (Exposure.this) {
        if (closed) {
          return List.of();
        }
        closed = true; // whoever begins another from now on withdraws it himself
        begun = List.copyOf(asked);
        var file = file(fileId);
        for (Iterator<Question> all = file.waiting.iterator(); all.hasNext(); ) {
          var question = all.next();
          if (question.window() == this) {
            all.remove();
            never.add(question);
          }
        }
        file.free += exposed;
        if (--file.windows == 0) {
          files.remove(fileId);
        }
      }
      never.forEach(question -> question.finding().cancel(false));
      askOn(fileId);
      return begun;
    }

    private void begun(Question question) {
      Asked one;
      try {
        one = question.ask().get();
      } catch (RuntimeException e) {
        question.finding().completeExceptionally(e);
        return;
      }
      boolean late;
      synchronized (Exposure.this) {
        asked.add(one);
        late = closed;
      }
      if (late) {
        one.withdraw().run();
      }
      one.finding()
          .whenComplete(
              (finding, failure) -> {
                if (finding != null && finding.operator() != null) {
                  durable();
                }
                if (finding != null) {
                  question.finding().complete(finding);
                } else {
                  question.finding().completeExceptionally(failure);
                }
              });
    }

    private void durable() {
      synchronized (Exposure.this) {
        if (closed) {
          return;
        }
        exposed--;
        file(fileId).free++;
      }
      askOn(fileId);
    }
  }

  /** A window of that file, about to ask. Whoever takes it closes it. */
  synchronized Window window(String fileId) {
    file(fileId).windows++;
    return new Window(fileId);
  }

  /**
   * How many numbers of a file are asked for and not durable, and how many wait to be asked for.
   */
  synchronized Map<String, Long> of(String fileId) {
    var file = files.get(fileId);
    return file == null
        ? Map.of()
        : Map.of("asked", (long) most - file.free, "to be asked", (long) file.waiting.size());
  }

  private File file(String fileId) {
    return files.computeIfAbsent(fileId, _ -> new File(most));
  }

  /** One thread at a time asks for a file: an answer that is at hand already makes room at once. */
  private void askOn(String fileId) {
    synchronized (this) {
      var file = files.get(fileId);
      if (file == null || file.asking) {
        return;
      }
      file.asking = true;
    }
    for (var next = next(fileId); next != null; next = next(fileId)) {
      next.window().begun(next);
    }
  }

  private synchronized @Nullable Question next(String fileId) {
    var file = files.get(fileId);
    if (file == null) {
      return null;
    }
    if (file.free == 0 || file.waiting.isEmpty()) {
      file.asking = false;
      return null;
    }
    var question = file.waiting.remove();
    file.free--;
    question.window().exposed++;
    return question;
  }
}
