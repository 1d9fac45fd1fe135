package dev.acuse.alert;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.transaction.Transactional;

/** The statements of {@link AlertStore}. */
@RegisterConstructorMapper(AlertDao.Message.class)
@RegisterConstructorMapper(AlertDao.Open.class)
interface AlertDao extends Transactional<AlertDao> {
  /** A message on its way. */
  record Message(long id, String text, int attempts, Instant createdAt) {}

  /** An alert that lasts, and whether it was told. */
  record Open(String openKey, boolean announced) {}

  @SqlUpdate("DELETE FROM alerts WHERE closed_at < :cutOff")
  int purgeAlerts(Instant cutOff);

  @SqlUpdate("DELETE FROM alert_messages WHERE due_at IS NULL AND created_at < :cutOff")
  int purgeMessages(Instant cutOff);

  @SqlUpdate(
      """
      INSERT INTO alerts (kind, subject, text, open_key, announced, opened_at, seen_at, account_id)
      VALUES (:kind, :subject, :text, :key, :told, :now, :now, :account) ON CONFLICT DO NOTHING
      """)
  void open(
      String kind,
      String subject,
      String text,
      String key,
      boolean told,
      Instant now,
      long account);

  /** Names the account as well: a version before knew none. */
  @SqlUpdate(
      """
      UPDATE alerts SET text = :text, seen_at = :now, account_id = :account WHERE open_key = :key
      """)
  void see(String key, String text, Instant now, long account);

  @SqlQuery("SELECT open_key FROM alerts WHERE open_key IS NOT NULL")
  Set<String> openKeys();

  @SqlQuery(
      """
      SELECT open_key, announced FROM alerts WHERE open_key IS NOT NULL AND kind = ANY(:kinds)
      """)
  List<Open> openOf(List<String> kinds);

  @SqlQuery(
      """
      SELECT COUNT(*) > 0 FROM alerts WHERE account_id = :account AND kind = :kind
        AND subject = :subject AND closed_at IS NOT NULL
      """)
  boolean isOver(long account, String kind, String subject);

  @SqlUpdate("UPDATE alerts SET announced = TRUE WHERE open_key = :key AND announced = FALSE")
  boolean announce(String key);

  @SqlQuery("SELECT text FROM alerts WHERE open_key = :key AND announced = TRUE FOR UPDATE")
  Optional<String> lockAnnounced(String key);

  @SqlUpdate("UPDATE alerts SET closed_at = :now, open_key = NULL WHERE open_key = :key")
  boolean close(String key, Instant now);

  @SqlUpdate(
      """
      INSERT INTO alert_messages (text, created_at, due_at, account_id)
      VALUES (:text, :now, :now, :account)
      """)
  void enqueue(String text, Instant now, long account);

  @SqlUpdate("DELETE FROM alert_mutes WHERE account_id = :account AND kind = :kind")
  void unmute(long account, String kind);

  @SqlUpdate(
      "INSERT INTO alert_mutes (account_id, kind, muted_until) VALUES (:account, :kind, :until)")
  void mute(long account, String kind, Instant until);

  /** A mute of no account is one for all. */
  @SqlQuery(
      """
      SELECT COUNT(*) > 0 FROM alert_mutes
      WHERE account_id IN (0, :account) AND kind IN (:kind, :all) AND muted_until > :now
      """)
  boolean isMuted(long account, String kind, String all, Instant now);

  @SqlQuery(
      """
      SELECT id, text, attempts, created_at FROM alert_messages
      WHERE due_at <= :now ORDER BY due_at, id LIMIT 1 FOR UPDATE
      """)
  Optional<Message> lockDue(Instant now);

  @SqlUpdate(
      """
      UPDATE alert_messages SET due_at = :until, attempts = attempts + 1
      WHERE id = :id AND due_at <= :now
      """)
  boolean claim(long id, Instant now, Instant until);

  @SqlUpdate(
      """
      UPDATE alert_messages SET sent_at = :now, due_at = NULL, error = NULL WHERE id = :id
      """)
  void sent(long id, Instant now);

  @SqlUpdate("UPDATE alert_messages SET due_at = :due, error = :error WHERE id = :id")
  void failed(long id, String error, Instant due);

  @SqlUpdate("UPDATE alert_messages SET due_at = NULL WHERE id = :id")
  void giveUp(long id);
}
