package dev.acuse.dispatch;

import dev.acuse.event.WebhookEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which handler takes which event, by its source and its type. Immutable. */
public final class Handlers {
  /** Takes an event. */
  @FunctionalInterface
  public interface Work {
    /** See {@link EventHandler#handle}. */
    Outcome handle(WebhookEvent event, AttemptLog attempt);
  }

  private final Map<String, Map<String, Work>> bySource;
  private final Work rest;
  private final @Nullable Work front;

  /**
   * @param rest takes what none of them does
   * @throws IllegalArgumentException if two of them take the same type
   */
  public Handlers(List<? extends EventHandler> handlers, Work rest) {
    this(new HashMap<>(), rest, null);
    for (EventHandler handler : handlers) {
      Map<String, Work> byType =
          bySource.computeIfAbsent(handler.source(), unused -> new HashMap<>());
      for (String type : handler.eventTypes()) {
        if (byType.put(type, handler::handle) != null) {
          throw new IllegalArgumentException(
              "two handlers take %s of %s".formatted(type, handler.source()));
        }
      }
    }
  }

  private Handlers(Map<String, Map<String, Work>> bySource, Work rest, @Nullable Work front) {
    this.bySource = bySource;
    this.rest = rest;
    this.front = front;
  }

  /** One that takes all events. */
  public static Handlers all(Work one) {
    return new Handlers(Map.of(), one, null);
  }

  /**
   * The same behind one that takes all events, and has these do what it does not do itself.
   *
   * @param first calls {@link #handle} of these
   */
  public Handlers behind(Work first) {
    return new Handlers(bySource, rest, first);
  }

  /** The types of a source that have a handler, in lower case. */
  public Set<String> typesOf(String source) {
    return new TreeSet<>(bySource.getOrDefault(source, Map.of()).keySet());
  }

  /** Has the handler of an event's source and type do what the event asks for. */
  public Outcome handle(WebhookEvent event, AttemptLog attempt) {
    return byType(event).handle(event, attempt);
  }

  /** What takes an event. */
  Work of(WebhookEvent event) {
    return front == null ? byType(event) : front;
  }

  private Work byType(WebhookEvent event) {
    Work found =
        bySource
            .getOrDefault(event.source(), Map.of())
            .get(event.eventType().toLowerCase(Locale.ROOT));
    return found == null ? rest : found;
  }
}
