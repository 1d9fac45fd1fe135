package dev.acuse.alert;

import dev.acuse.database.RowTime;
import dev.acuse.text.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * What is wrong, and the messages about it. A condition is one alert from its beginning to its end,
 * however often it is noticed and by how many instances: one message when it begins, one when it
 * ends. Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if the database is
 * out of reach.
 */
public final class AlertStore {
  /** All kinds. */
  static final String ALL = "*";

  private static final int MAX_TEXT = 1024;

  /** A message on its way. */
  record Message(long id, String text, int attempts, Instant createdAt) {}

  private static final RowMapper<Message> MESSAGE =
      (row, context) ->
          new Message(
              row.getLong("id"),
              row.getString("text"),
              row.getInt("attempts"),
              RowTime.of(row, "created_at"));

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public AlertStore(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** Deletes alerts that were over, and messages that were sent, longer ago than that. */
  int purge(Duration age) {
    Instant cutOff = clock.instant().minus(age);
    return jdbi.inTransaction(
        handle ->
            delete(handle, "alerts WHERE closed_at < :cutOff", cutOff)
                + delete(
                    handle,
                    "alert_messages WHERE due_at IS NULL AND created_at < :cutOff",
                    cutOff));
  }

  private static int delete(Handle handle, String which, Instant cutOff) {
    return handle.createUpdate("DELETE FROM " + which).bind("cutOff", cutOff).execute();
  }

  /**
   * Something is wrong, newly or still.
   *
   * @param told whether people know of its beginning already
   */
  public void raise(String kind, String subject, String text, boolean told) {
    Instant now = clock.instant();
    String cut = Text.cut(text, MAX_TEXT);
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO alerts (kind, subject, text, open_key, announced, opened_at, seen_at)
                  VALUES (:kind, :subject, :text, :key, :told, :now, :now) ON CONFLICT DO NOTHING
                  """)
              .bind("kind", kind)
              .bind("subject", subject)
              .bind("text", cut)
              .bind("key", key(kind, subject))
              .bind("told", told)
              .bind("now", now)
              .execute();
          handle
              .createUpdate("UPDATE alerts SET text = :text, seen_at = :now WHERE open_key = :key")
              .bind("text", cut)
              .bind("now", now)
              .bind("key", key(kind, subject))
              .execute();
          if (!isMuted(handle, kind, now) && announce(handle, key(kind, subject))) {
            enqueue(handle, cut, now);
          }
        });
  }

  private static boolean announce(Handle handle, String key) {
    return handle
            .createUpdate(
                "UPDATE alerts SET announced = TRUE WHERE open_key = :key AND announced = FALSE")
            .bind("key", key)
            .execute()
        == 1;
  }

  /** Something is right, still or again. */
  void settle(String kind, String subject) {
    Instant now = clock.instant();
    jdbi.useTransaction(
        handle -> {
          Optional<String> announced =
              handle
                  .createQuery(
                      """
                      SELECT text FROM alerts WHERE open_key = :key AND announced = TRUE FOR UPDATE
                      """)
                  .bind("key", key(kind, subject))
                  .mapTo(String.class)
                  .findOne();
          int closed =
              handle
                  .createUpdate(
                      """
                      UPDATE alerts SET closed_at = :now, open_key = NULL WHERE open_key = :key
                      """)
                  .bind("now", now)
                  .bind("key", key(kind, subject))
                  .execute();
          if (closed == 1 && announced.isPresent() && !isMuted(handle, kind, now)) {
            enqueue(handle, "Recovered: " + announced.get(), now);
          }
        });
  }

  /** Has a message delivered. */
  void enqueue(String text) {
    Instant now = clock.instant();
    jdbi.useHandle(handle -> enqueue(handle, text, now));
  }

  private static void enqueue(Handle handle, String text, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO alert_messages (text, created_at, due_at) VALUES (:text, :now, :now)
            """)
        .bind("text", text)
        .bind("now", now)
        .execute();
  }

  /** Nobody wants to hear of a kind for a while; what still lasts then is told then. */
  void mute(String kind, Duration time) {
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate("DELETE FROM alert_mutes WHERE kind = :kind")
              .bind("kind", kind)
              .execute();
          handle
              .createUpdate("INSERT INTO alert_mutes (kind, muted_until) VALUES (:kind, :until)")
              .bind("kind", kind)
              .bind("until", clock.instant().plus(time))
              .execute();
        });
  }

  private static boolean isMuted(Handle handle, String kind, Instant now) {
    return handle
            .createQuery(
                """
                SELECT COUNT(*) FROM alert_mutes WHERE kind IN (:kind, :all) AND muted_until > :now
                """)
            .bind("kind", kind)
            .bind("all", ALL)
            .bind("now", now)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  /**
   * The message that has waited for longest, for the caller alone.
   *
   * @param lease after which another may try, if the caller is not heard of
   */
  Optional<Message> claim(Duration lease) {
    Instant now = clock.instant();
    return jdbi.inTransaction(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT id, text, attempts, created_at FROM alert_messages
                    WHERE due_at <= :now ORDER BY due_at, id LIMIT 1 FOR UPDATE
                    """)
                .bind("now", now)
                .map(MESSAGE)
                .findOne()
                .filter(
                    message ->
                        handle
                                .createUpdate(
                                    """
                                    UPDATE alert_messages SET due_at = :until,
                                      attempts = attempts + 1
                                    WHERE id = :id AND due_at <= :now
                                    """)
                                .bind("until", now.plus(lease))
                                .bind("id", message.id())
                                .bind("now", now)
                                .execute()
                            == 1));
  }

  /** It is delivered. */
  void sent(long id) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE alert_messages SET sent_at = :now, due_at = NULL, error = NULL
                    WHERE id = :id
                    """)
                .bind("now", clock.instant())
                .bind("id", id)
                .execute());
  }

  /** It is not. */
  void failed(long id, String error, Duration again) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "UPDATE alert_messages SET due_at = :due, error = :error WHERE id = :id")
                .bind("due", clock.instant().plus(again))
                .bind("error", Text.cut(error, MAX_TEXT))
                .bind("id", id)
                .execute());
  }

  /** It is not, and never will be. */
  void giveUp(long id) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("UPDATE alert_messages SET due_at = NULL WHERE id = :id")
                .bind("id", id)
                .execute());
  }

  private static String key(String kind, String subject) {
    return kind + "|" + subject;
  }
}
