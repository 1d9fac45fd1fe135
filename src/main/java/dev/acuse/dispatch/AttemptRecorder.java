package dev.acuse.dispatch;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.DatabaseTrouble;
import dev.acuse.event.Ending;
import dev.acuse.event.EventStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records how attempts ended. Those that end while one commit is under way go together in the next:
 * one transaction and one sync for many. A lone one waits for nobody.
 *
 * <p>There is no thread for it: the first of a group commits it, in his own thread, and then hands
 * on to the first of those who came meanwhile. Thread-safe.
 */
final class AttemptRecorder {
  private static final Logger LOGGER = LoggerFactory.getLogger(AttemptRecorder.class);
  private static final int MAX_GROUP = 256;

  private enum Turn {
    /** The group that begins with this one is to be committed. */
    COMMIT,
    /** It was in another's group. */
    DONE
  }

  private static final class Waiting {
    private final Ending ending;
    private final CompletableFuture<Turn> turn = new CompletableFuture<>();
    private final CompletableFuture<Boolean> recorded = new CompletableFuture<>();

    private Waiting(Ending ending) {
      this.ending = ending;
    }
  }

  private final EventStore store;
  private final Histogram groupSize;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private boolean underWay;

  /**
   * @param metrics told how many ends a commit holds, as {@code acuse.attempts.group}
   */
  AttemptRecorder(EventStore store, MetricRegistry metrics) {
    this.store = store;
    this.groupSize = metrics.histogram("acuse.attempts.group");
  }

  /**
   * Records one, and comes back when it is committed. An interrupt does not hurry it.
   *
   * @return false if the lease was lost, and nothing was changed
   * @throws org.jdbi.v3.core.JdbiException if it could not be recorded, or may not have been
   */
  boolean record(Ending ending) {
    var mine = new Waiting(ending);
    if (isFirst(mine) || mine.turn.join() == Turn.COMMIT) {
      commit(nextGroup());
    }
    try {
      return mine.recorded.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private synchronized boolean isFirst(Waiting mine) {
    queue.add(mine);
    boolean isFirst = !underWay;
    underWay = true;
    return isFirst;
  }

  private synchronized List<Waiting> nextGroup() {
    List<Waiting> group = new ArrayList<>();
    while (group.size() < MAX_GROUP && !queue.isEmpty()) {
      group.add(queue.remove());
    }
    return group;
  }

  private void commit(List<Waiting> group) {
    groupSize.update(group.size());
    try {
      settle(group);
    } catch (RuntimeException | Error e) {
      group.forEach(one -> one.recorded.completeExceptionally(e));
      throw e;
    } finally {
      handOn();
      group.forEach(one -> one.turn.complete(Turn.DONE));
    }
  }

  private synchronized void handOn() {
    Waiting next = queue.peek();
    underWay = next != null;
    if (next != null) {
      next.turn.complete(Turn.COMMIT);
    }
  }

  /** If the database refuses the group, each goes alone: one must not fail its neighbours. */
  private void settle(List<Waiting> group) {
    try {
      List<Boolean> recorded = store.end(group.stream().map(one -> one.ending).toList());
      for (int i = 0; i < group.size(); i++) {
        group.get(i).recorded.complete(recorded.get(i));
      }
    } catch (RuntimeException e) {
      boolean mayGoAlone = DatabaseTrouble.isRefusal(e) || DatabaseTrouble.isConflict(e);
      if (group.size() == 1 || !mayGoAlone) {
        throw e;
      }
      LOGGER.warn("{} attempts could not be recorded together: each goes alone", group.size());
      group.forEach(this::settleAlone);
    }
  }

  private void settleAlone(Waiting one) {
    try {
      one.recorded.complete(store.end(List.of(one.ending)).get(0));
    } catch (RuntimeException e) {
      one.recorded.completeExceptionally(e);
    }
  }
}
