package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.event.EventStatus;
import dev.acuse.inbox.Backlog;
import dev.acuse.inbox.EventCounts;
import dev.acuse.inbox.UnhandledTopic;
import dev.acuse.remote.RemoteSystem.State;
import dev.acuse.remote.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How the inbox is doing.
 *
 * @param events how many there are, by status
 * @param eventsByOrigin the same by {@code effect} and {@code other}, then by status
 * @param oldestDueAt since when the event that has been due for longest is waiting; null if none is
 *     due
 * @param oldestDueSeconds the same as an age, never below 0
 * @param waiting how many events wait for each downstream that is out
 * @param unaccounted acknowledged webhooks that nobody knows where they are; null if nobody could
 *     count yet
 * @param unhandled the topics with events that no handler took
 * @param paused since when, and who did it; null if the inbox is not paused
 */
@JsonNaming(SnakeCaseStrategy.class)
record Stats(
    Map<String, Long> events,
    Map<String, Map<String, Long>> eventsByOrigin,
    @Nullable Instant oldestDueAt,
    @Nullable Long oldestDueSeconds,
    Map<String, Long> waiting,
    @Nullable PauseView paused,
    List<DownstreamView> downstreams,
    @Nullable Long unaccounted,
    List<UnhandledView> unhandled) {

  /** Since when the inbox is paused, and who did it. */
  record PauseView(Instant at, String by) {}

  /**
   * Whether calls to another system go through.
   *
   * @param state {@code up}, {@code out}, {@code refused} or {@code no_token}
   * @param cause what it said last, while they don't; null if nothing is known
   */
  record DownstreamView(String name, boolean up, String state, @Nullable String cause) {
    static DownstreamView of(Standing downstream) {
      return new DownstreamView(
          downstream.name(),
          downstream.state() == State.UP,
          downstream.state().code(),
          downstream.cause());
    }
  }

  /**
   * Events of a topic that no handler took; a thousand of an account stands for as many or more.
   *
   * @param topic their type; {@code other} for all beyond fifty
   * @param verified how many are genuine for certain
   * @param unverified how many more there are
   * @param latestAt when the latest of the genuine ones came; null if there is none
   * @param handledNow whether this version has a handler, so that a retry works them off
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record UnhandledView(
      String topic,
      long verified,
      long unverified,
      @Nullable Instant latestAt,
      boolean handledNow) {
    static UnhandledView of(UnhandledTopic topic, Set<String> handled) {
      return new UnhandledView(
          topic.topic(),
          topic.verified(),
          topic.others(),
          topic.latestAt(),
          handled.contains(topic.topic().toLowerCase(Locale.ROOT)));
    }
  }

  static Stats of(
      Backlog backlog,
      Optional<PauseView> pause,
      List<Standing> downstreams,
      @Nullable Long unaccounted,
      List<UnhandledView> unhandled,
      Instant now) {
    EventCounts counts = backlog.events();
    Instant oldest = backlog.oldestDueAt();
    return new Stats(
        byStatus(counts::all),
        new TreeMap<>(
            Map.of("effect", byStatus(counts::effects), "other", byStatus(counts::others))),
        oldest,
        oldest == null ? null : Math.max(0, Duration.between(oldest, now).toSeconds()),
        backlog.waiting(),
        pause.orElse(null),
        downstreams.stream().map(DownstreamView::of).toList(),
        unaccounted,
        unhandled);
  }

  private static Map<String, Long> byStatus(ToLongFunction<EventStatus> count) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (EventStatus status : EventStatus.KNOWN) {
      counts.put(status.code(), count.applyAsLong(status));
    }
    return counts;
  }
}
