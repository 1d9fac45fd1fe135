package dev.acuse.audit;

import java.time.Instant;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.GetGeneratedKeys;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** The statements of {@link AuditTrail}. */
@RegisterConstructorMapper(ActionDao.Version.class)
interface ActionDao {
  String SELECT =
      """
      SELECT id, at, actor, action, event_id, target, matched, changed, reason, finished_at,
        account_id
      FROM operator_actions
      """;

  /** Answers the id; that of the action is not looked at. */
  @SqlUpdate(
      """
      INSERT INTO operator_actions (at, actor, action, event_id, target, matched, changed, reason,
        finished_at, account_id)
      VALUES (:at, :actor, :action, :eventId, :target, :matched, :changed, :reason, :finishedAt,
        :accountId)
      """)
  @GetGeneratedKeys("id")
  long insert(@BindMethods OperatorAction action);

  @SqlUpdate(
      """
      UPDATE operator_actions SET changed = :changed, finished_at = :finishedAt WHERE id = :id
      """)
  void update(long id, long changed, @Nullable Instant finishedAt);

  @SqlQuery(
      """
      SELECT COUNT(*) > 0 FROM (SELECT id FROM operator_actions
        WHERE actor = :actor AND account_id = :account LIMIT 1) one
      """)
  boolean hasActed(String actor, long account);

  /** Two numbers of which one is another after an action was written down, went on or ended. */
  record Version(long actions, long progress) {}

  @SqlQuery(
      """
      SELECT COALESCE((SELECT MAX(id) FROM operator_actions), 0) AS actions,
        (SELECT COALESCE(SUM(changed), 0) + COUNT(finished_at) FROM
          (SELECT changed, finished_at FROM operator_actions ORDER BY id DESC LIMIT 10) latest)
            AS progress
      """)
  Version version();
}
