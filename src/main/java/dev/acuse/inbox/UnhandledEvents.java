package dev.acuse.inbox;

import dev.acuse.event.Attempt;
import dev.acuse.event.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The statements about events that no handler took, for the length of one handle. They have a table
 * of their own, a row each, because an index of the events would cost every webhook a step.
 */
final class UnhandledEvents {
  /** False of the genuine ones among them, and true of all other events. */
  static final String MAY_GO =
      "(last_error_kind IS NULL OR last_error_kind <> '"
          + Attempt.UNHANDLED_TOPIC
          + "' OR status <> 'ignored' OR signature <> 'verified')";

  /** So many topics of an account are told apart: more could be invented. */
  static final int MOST_TOPICS = 50;

  private static final int MOST_COUNTED = 1_000;

  /** What comes after a topic and before any longer one: no type holds this character. */
  private static final String AFTER = "\u0001";

  /** The latest of one topic, by the index. */
  private static final String BY_INDEX =
      """
      SELECT received_at FROM unhandled_events
      WHERE account_id = :account AND topic = :topic AND verified = %s
      ORDER BY account_id DESC, topic DESC, verified DESC, event_id DESC LIMIT :most
      """;

  /** The latest of all topics from one on: only where names were invented, they are sorted. */
  private static final String BEYOND =
      """
      SELECT received_at FROM unhandled_events
      WHERE account_id = :account AND topic >= :topic AND verified = %s
      ORDER BY event_id DESC LIMIT :most
      """;

  private final Handle handle;

  UnhandledEvents(Handle handle) {
    this.handle = handle;
  }

  /**
   * Keeps those of these ends that say so.
   *
   * @param held for each whether it was ended
   */
  void keep(List<AttemptEnd> endings, List<Boolean> held) {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < endings.size(); i++) {
      AttemptEnd ending = endings.get(i);
      if (held.get(i)
          && ending.next().kind() == AttemptEnd.Kind.IGNORE
          && Attempt.UNHANDLED_TOPIC.equals(ending.attempt().errorKind())) {
        ids.add(ending.lease().eventId());
      }
    }
    if (!ids.isEmpty()) {
      handle
          .createUpdate(
              """
              INSERT INTO unhandled_events (event_id, account_id, topic, verified, received_at)
              SELECT id, account_id, event_type, signature = 'verified', received_at
              FROM webhook_events WHERE id = ANY(:ids)
              ON CONFLICT DO NOTHING
              """)
          .bindArray("ids", Long.class, ids)
          .execute();
    }
  }

  /** Those of these events that are pending by now are ordinary ones again. */
  void retried(List<Long> ids) {
    handle
        .createUpdate(
            """
            DELETE FROM unhandled_events WHERE event_id = ANY(:ids) AND event_id IN (
              SELECT id FROM webhook_events WHERE id = ANY(:ids) AND status = 'pending')
            """)
        .bindArray("ids", Long.class, ids)
        .execute();
  }

  /** These events are deleted. */
  void deleted(List<Long> ids) {
    handle
        .createUpdate("DELETE FROM unhandled_events WHERE event_id = ANY(:ids)")
        .bindArray("ids", Long.class, ids)
        .execute();
  }

  /** Each account's topics, by the account's id and the topic's name. */
  List<UnhandledTopic> topics(Scope scope) {
    List<UnhandledTopic> topics = new ArrayList<>();
    List<Long> accounts =
        scope.isEverything() ? accounts() : scope.accountIds().stream().sorted().toList();
    accounts.forEach(account -> addTopics(account, topics));
    return topics;
  }

  /** A walk along the index: each step lands on the first entry of the next account. */
  private List<Long> accounts() {
    List<Long> accounts = new ArrayList<>();
    long from = 0;
    while (true) {
      Optional<Long> next =
          handle
              .createQuery(
                  """
                  SELECT account_id FROM unhandled_events WHERE account_id >= :from
                  ORDER BY account_id, topic, verified, event_id LIMIT 1
                  """)
              .bind("from", from)
              .mapTo(Long.class)
              .findOne();
      if (next.isEmpty()) {
        return accounts;
      }
      accounts.add(next.get());
      from = next.get() + 1;
    }
  }

  private void addTopics(long account, List<UnhandledTopic> topics) {
    String from = "";
    for (int i = 0; i < MOST_TOPICS; i++) {
      Optional<String> next = next(account, from);
      if (next.isEmpty()) {
        return;
      }
      String topic = next.get();
      topics.add(counted(account, topic, BY_INDEX, topic));
      from = topic + AFTER;
    }
    if (next(account, from).isPresent()) {
      topics.add(counted(account, UnhandledTopic.OTHER, BEYOND, from));
    }
  }

  private Optional<String> next(long account, String from) {
    return handle
        .createQuery(
            """
            SELECT topic FROM unhandled_events WHERE account_id = :account AND topic >= :from
            ORDER BY account_id, topic, verified, event_id LIMIT 1
            """)
        .bind("account", account)
        .bind("from", from)
        .mapTo(String.class)
        .findOne();
  }

  private UnhandledTopic counted(long account, String name, String latest, String topic) {
    Map.Entry<Long, Optional<Instant>> verified = count(account, latest, topic, true);
    Map.Entry<Long, Optional<Instant>> others = count(account, latest, topic, false);
    return new UnhandledTopic(
        account, name, verified.getKey(), others.getKey(), verified.getValue().orElse(null));
  }

  /** How many they are, and when the latest of them came. */
  private Map.Entry<Long, Optional<Instant>> count(
      long account, String latest, String topic, boolean verified) {
    List<Instant> times =
        handle
            .createQuery(latest.formatted(verified))
            .bind("account", account)
            .bind("topic", topic)
            .bind("most", MOST_COUNTED)
            .mapTo(Instant.class)
            .list();
    return Map.entry((long) times.size(), times.stream().max(Comparator.naturalOrder()));
  }
}
