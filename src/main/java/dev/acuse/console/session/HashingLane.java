package dev.acuse.console.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Passwords are hashed one after the other, and the lane rests after each for as long as it took:
 * hashing takes a processor for a quarter of a second or more, and intake must not starve of
 * guesses. In turn, and few of each source wait, so that one source does not keep the others out;
 * nor does a wider network, which has many: where all places are taken, a newcomer takes one of the
 * network that has most. Thread-safe.
 */
public final class HashingLane {
  private static final int MOST_PLACES = 16;
  private static final int MOST_OF_ONE_SOURCE = 3;
  private static final long PATIENCE_SECONDS = 10;

  /** In the order in which they came; the one whose turn it is has one too. */
  private final List<Place> places = new ArrayList<>();

  private boolean taken;

  /** What waits for its turn, or has it. */
  private static final class Place {
    final String source;
    final String wider;

    /** True: it is its turn. False: another has its place. */
    final CompletableFuture<Boolean> turn = new CompletableFuture<>();

    Place(String source, String wider) {
      this.source = source;
      this.wider = wider;
    }
  }

  /**
   * Waits for its turn, and works.
   *
   * @param source of the request, as {@link LoginSender#source}
   * @param wider the wider network that it is of
   * @param busy what to answer where too many wait, or its turn does not come within ten seconds
   */
  public <T> T run(String source, String wider, Supplier<T> work, T busy) {
    var place = new Place(source, wider);
    if (!enter(place)) {
      return busy;
    }
    try {
      return isItsTurn(place) ? workAndRest(work) : busy;
    } finally {
      leave(place);
    }
  }

  private synchronized boolean enter(Place newcomer) {
    if (count(newcomer.source, place -> place.source) >= MOST_OF_ONE_SOURCE) {
      return false;
    }
    if (places.size() >= MOST_PLACES) {
      Place out = latestOfTheCrowd(newcomer.wider);
      if (out == null) {
        return false;
      }
      places.remove(out);
      out.turn.complete(false);
    }
    places.add(newcomer);
    passOn();
    return true;
  }

  private int count(String name, Function<Place, String> of) {
    return (int) places.stream().filter(place -> of.apply(place).equals(name)).count();
  }

  /** Null if no network has so many more than the newcomer's that a change would be fair. */
  private @Nullable Place latestOfTheCrowd(String newcomers) {
    Map<String, Integer> byNetwork = new HashMap<>();
    places.forEach(place -> byNetwork.merge(place.wider, 1, Integer::sum));
    int most = byNetwork.getOrDefault(newcomers, 0) + 1;
    Place out = null;
    for (Place place : places) {
      int has = byNetwork.getOrDefault(place.wider, 0);
      boolean waits = !place.turn.isDone();
      if (waits && (has > most || (out != null && has == most))) {
        out = place;
        most = has;
      }
    }
    return out;
  }

  /** Gives the turn to the first that waits, unless another has it. */
  private synchronized void passOn() {
    for (Place place : places) {
      if (!taken && !place.turn.isDone()) {
        taken = true;
        place.turn.complete(true);
      }
    }
  }

  private boolean isItsTurn(Place place) {
    try {
      return place.turn.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // Unless it came this moment.
      return !place.turn.complete(false) && place.turn.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !place.turn.complete(false) && place.turn.join();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a turn does not fail", e);
    }
  }

  private synchronized void leave(Place place) {
    places.remove(place);
  }

  private <T> T workAndRest(Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      long took = System.nanoTime() - start;
      CompletableFuture.delayedExecutor(took, TimeUnit.NANOSECONDS).execute(this::release);
    }
  }

  private synchronized void release() {
    taken = false;
    passOn();
  }

  /** How many places are taken. */
  synchronized int places() {
    return places.size();
  }
}
