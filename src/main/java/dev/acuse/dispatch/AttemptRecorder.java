package dev.acuse.dispatch;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.inbox.AttemptEnd;
import dev.acuse.inbox.EventStore;
import dev.acuse.process.Causes;
import dev.acuse.process.FatalErrors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records how attempts ended. Those that end while one commit is under way go together in the next:
 * one transaction and one sync for many. A lone one waits for nobody. If many wait, as in the drain
 * of a backlog, a second commit goes beside the first, so that neither the database nor those who
 * work wait for the other.
 *
 * <p>There is no thread for it: a caller that finds that a commit may begin commits, in its own
 * thread, and goes on as long as others have come meanwhile. They do not wait. Thread-safe.
 *
 * <p>A commit that an outage cuts off may have happened. Its ends are kept until {@link #settle}
 * has read what became of them.
 */
final class AttemptRecorder {
  private static final Logger LOGGER = LoggerFactory.getLogger(AttemptRecorder.class);
  private static final int MAX_GROUP = 512;
  private static final int MOST_UNDER_WAY = 2;

  /** Fewer wait for the commit that is under way: they would be dearer by themselves. */
  static final int WORTH_A_SECOND = 128;

  private static final String CLOSED = "the process ends before the database answers";

  private record Waiting(AttemptEnd end, CompletableFuture<Boolean> recorded) {}

  private final EventStore store;
  private final Histogram groupSize;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private final List<Waiting> unsettled = new ArrayList<>();
  private int underWay;
  private boolean closing;

  /**
   * @param metrics told how many ends a commit holds, as {@code acuse.attempts.group}
   */
  AttemptRecorder(EventStore store, MetricRegistry metrics) {
    this.store = store;
    this.groupSize = metrics.histogram("acuse.attempts.group");
  }

  /**
   * Records one. Comes back at once if it goes with a commit that follows one under way, or else
   * when nobody waits for one, or another has taken that over.
   *
   * @return completed when it is committed: with false if the lease was lost, and nothing was
   *     changed; exceptionally with a {@link org.jdbi.v3.core.JdbiException} if it could not be
   *     recorded. Where an outage leaves that open it is completed by {@link #settle} or {@link
   *     #close}
   */
  CompletableFuture<Boolean> record(AttemptEnd end) {
    var mine = new Waiting(end, new CompletableFuture<>());
    add(mine);
    List<Waiting> group = nextGroup();
    while (!group.isEmpty()) {
      commit(group);
      group = nextGroup();
    }
    return mine.recorded;
  }

  private synchronized void add(Waiting mine) {
    queue.add(mine);
  }

  /** Empty if they wait for a commit that is under way: who made that asks again. */
  private synchronized List<Waiting> nextGroup() {
    List<Waiting> group = new ArrayList<>();
    if (underWay == 0 || (underWay < MOST_UNDER_WAY && queue.size() >= WORTH_A_SECOND)) {
      while (group.size() < MAX_GROUP && !queue.isEmpty()) {
        group.add(queue.remove());
      }
    }
    if (!group.isEmpty()) {
      underWay++;
    }
    return group;
  }

  private synchronized void over() {
    underWay--;
  }

  // Whatever a commit ends with, those who come after it must get theirs.
  @SuppressWarnings("CatchingUnchecked")
  private void commit(List<Waiting> group) {
    groupSize.update(group.size());
    List<Runnable> told = new ArrayList<>();
    try {
      settle(group, told);
    } catch (Throwable e) {
      FatalErrors.haltOn(e);
      failed(group, e, told);
    } finally {
      over();
    }
    // The next commit need not wait until everybody has made his report.
    told.forEach(Runnable::run);
  }

  /** If the database refuses the group, each goes alone: one must not fail its neighbours. */
  private void settle(List<Waiting> group, List<Runnable> told) {
    try {
      tell(group, store.end(ends(group)), told);
    } catch (RuntimeException e) {
      boolean mayGoAlone = DatabaseTrouble.isRefusal(e) || DatabaseTrouble.isConflict(e);
      if (group.size() == 1 || !mayGoAlone) {
        throw e;
      }
      LOGGER.warn("{} attempts could not be recorded together: each goes alone", group.size());
      group.forEach(one -> settleAlone(one, told));
    }
  }

  private void settleAlone(Waiting one, List<Runnable> told) {
    try {
      tell(List.of(one), store.settle(List.of(one.end)), told);
    } catch (RuntimeException e) {
      failed(List.of(one), e, told);
    }
  }

  private static List<AttemptEnd> ends(List<Waiting> group) {
    return group.stream().map(Waiting::end).toList();
  }

  private static void tell(List<Waiting> group, List<Boolean> recorded, List<Runnable> told) {
    for (int i = 0; i < group.size(); i++) {
      Waiting one = group.get(i);
      boolean held = recorded.get(i);
      told.add(() -> one.recorded.complete(held));
    }
  }

  private void failed(List<Waiting> group, Throwable failure, List<Runnable> told) {
    if (DatabaseTrouble.isOutage(failure) && keep(group)) {
      LOGGER.warn(
          "the database is out: what became of {} attempts is read when it answers ({})",
          group.size(),
          OneLine.of(Causes.root(failure)));
    } else {
      group.forEach(one -> told.add(() -> one.recorded.completeExceptionally(failure)));
    }
  }

  /** False if it is too late to keep any. */
  private synchronized boolean keep(List<Waiting> group) {
    if (!closing) {
      unsettled.addAll(group);
    }
    return !closing;
  }

  /** Whether there are ends of which it is open whether they are recorded. */
  synchronized boolean hasUnsettled() {
    return !unsettled.isEmpty();
  }

  /**
   * Reads what became of the ends that an outage left open, and records those that are not.
   *
   * @throws org.jdbi.v3.core.JdbiException if the database is still out; they are kept then
   */
  void settle() {
    List<Waiting> group = takeUnsettled();
    if (group.isEmpty()) {
      return;
    }
    List<Runnable> told = new ArrayList<>();
    try {
      tell(group, store.settle(ends(group)), told);
    } catch (RuntimeException e) {
      if (DatabaseTrouble.isOutage(e) && !DatabaseTrouble.isConflict(e)) {
        giveBack(group);
        throw e;
      }
      group.forEach(one -> settleAlone(one, told));
    }
    told.forEach(Runnable::run);
  }

  private synchronized List<Waiting> takeUnsettled() {
    List<Waiting> all = List.copyOf(unsettled);
    unsettled.clear();
    return all;
  }

  private void giveBack(List<Waiting> group) {
    if (!keep(group)) {
      // Closed meanwhile.
      group.forEach(one -> one.recorded.completeExceptionally(new IllegalStateException(CLOSED)));
    }
  }

  /**
   * Tries once more to settle what is open. From now on what an outage leaves open is given up: its
   * lease runs out.
   */
  void close() {
    stopKeeping();
    List<Waiting> group = takeUnsettled();
    List<Runnable> told = new ArrayList<>();
    group.forEach(one -> settleAlone(one, told));
    told.forEach(Runnable::run);
  }

  private synchronized void stopKeeping() {
    closing = true;
  }
}
