package dev.acuse.console;

import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.ArrivalCount;
import dev.acuse.inbox.EventReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What arrived in the last hour, day or week, as a chart. Read at most every ten seconds, however
 * many look. Thread-safe.
 */
final class History {
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final int MOST_CHARTS = 100;

  private final EventReader events;
  private final InstantSource clock;
  private final Map<Key, Chart> latest =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Chart> eldest) {
          return size() > MOST_CHARTS;
        }
      };

  private record Key(Scope scope, Period period) {}

  History(EventReader events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  /** How far back a chart goes, and how long each of its columns is. */
  enum Period {
    HOUR(Duration.ofHours(1), Duration.ofMinutes(2)),
    DAY(Duration.ofDays(1), Duration.ofHours(1)),
    WEEK(Duration.ofDays(7), Duration.ofHours(6));

    private final Duration whole;
    private final Duration column;

    Period(Duration whole, Duration column) {
      this.whole = whole;
      this.column = column;
    }

    int columns() {
      return Math.toIntExact(whole.dividedBy(column));
    }

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A part of a column: how high it begins and how high it is, of 100. */
  public record Part(String status, double y, double height, long count) {}

  /** One column of a chart. */
  public record Column(Instant from, int x, List<Part> parts, long count) {}

  /** A chart, and the numbers that it shows. */
  public record Chart(
      String period, Instant readAt, List<Column> columns, long most, long count, long succeeded) {}

  synchronized Chart chart(Scope scope, Period period) {
    var key = new Key(scope, period);
    Chart before = latest.get(key);
    Instant now = clock.instant();
    if (before != null && before.readAt().plus(FRESH).isAfter(now)) {
      return before;
    }
    Chart chart = read(scope, period, now);
    latest.put(key, chart);
    return chart;
  }

  private Chart read(Scope scope, Period period, Instant now) {
    long length = period.column.toSeconds();
    // Columns begin at whole hours or minutes, and the last one is under way.
    long end = (now.getEpochSecond() / length + 1) * length;
    Instant from = Instant.ofEpochSecond(end - length * period.columns());
    List<Map<EventStatus, Long>> counts = new ArrayList<>();
    for (int i = 0; i < period.columns(); i++) {
      counts.add(new EnumMap<>(EventStatus.class));
    }
    for (ArrivalCount arrivals : events.arrivals(scope, from, period.column)) {
      if (arrivals.stretch() >= 0 && arrivals.stretch() < counts.size()) {
        counts.get(arrivals.stretch()).put(arrivals.status(), arrivals.count());
      }
    }
    long most = counts.stream().mapToLong(History::sum).max().orElse(0);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      Instant start = from.plusSeconds(i * length);
      columns.add(new Column(start, i, parts(counts.get(i), most), sum(counts.get(i))));
    }
    long all = columns.stream().mapToLong(Column::count).sum();
    long succeeded =
        counts.stream().mapToLong(count -> count.getOrDefault(EventStatus.SUCCESS, 0L)).sum();
    return new Chart(period.code(), now, columns, most, all, succeeded);
  }

  private static List<Part> parts(Map<EventStatus, Long> counts, long most) {
    List<Part> parts = new ArrayList<>();
    double top = 100;
    for (var entry : counts.entrySet()) {
      double height = 100.0 * entry.getValue() / most;
      top -= height;
      parts.add(new Part(entry.getKey().code(), top, height, entry.getValue()));
    }
    return parts;
  }

  private static long sum(Map<EventStatus, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
