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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records how attempts ended. Those that end while one commit is under way go together in the next:
 * one transaction and one sync for many. A lone one waits for nobody.
 *
 * <p>There is no thread for it: who finds no commit under way commits, in his own thread, and goes
 * on as long as others have come meanwhile. They do not wait. Thread-safe.
 */
final class AttemptRecorder {
  private static final Logger LOGGER = LoggerFactory.getLogger(AttemptRecorder.class);
  private static final int MAX_GROUP = 512;

  private record Waiting(Ending ending, CompletableFuture<Boolean> recorded) {}

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
   * Records one. Comes back at once if a commit is under way, or else when none is any more.
   *
   * @return completed when it is committed: with false if the lease was lost, and nothing was
   *     changed; exceptionally with a {@link org.jdbi.v3.core.JdbiException} if it could not be
   *     recorded, or may not have been
   */
  CompletableFuture<Boolean> record(Ending ending) {
    var mine = new Waiting(ending, new CompletableFuture<>());
    if (isFirst(mine)) {
      List<Waiting> group = nextGroup();
      while (!group.isEmpty()) {
        commit(group);
        group = nextGroup();
      }
    }
    return mine.recorded;
  }

  private synchronized boolean isFirst(Waiting mine) {
    queue.add(mine);
    boolean isFirst = !underWay;
    underWay = true;
    return isFirst;
  }

  /** If it is empty, the next who comes is the first again. */
  private synchronized List<Waiting> nextGroup() {
    List<Waiting> group = new ArrayList<>();
    while (group.size() < MAX_GROUP && !queue.isEmpty()) {
      group.add(queue.remove());
    }
    underWay = !group.isEmpty();
    return group;
  }

  // Whatever a commit ends with, those who come after it must get theirs.
  @SuppressWarnings("CatchingUnchecked")
  private void commit(List<Waiting> group) {
    groupSize.update(group.size());
    try {
      settle(group);
    } catch (Throwable e) {
      group.forEach(one -> one.recorded.completeExceptionally(e));
    }
  }

  /** If the database refuses the group, each goes alone: one must not fail its neighbours. */
  private void settle(List<Waiting> group) {
    try {
      List<Boolean> recorded = store.end(group.stream().map(Waiting::ending).toList());
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
