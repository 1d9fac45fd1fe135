package dev.acuse.console.session;

import dev.acuse.console.session.Sessions.Session;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.transaction.Transaction;

/** The statements of {@link Sessions}. */
@RegisterConstructorMapper(Session.class)
interface SessionDao {

  @Transaction
  default void begin(
      Instant oldest, Instant idlest, String hash, String user, String credential, Instant now) {
    forget(oldest, idlest);
    insert(hash, user, credential, now);
  }

  @SqlUpdate(
      """
      DELETE FROM console_sessions WHERE created_at < :oldest OR last_seen_at < :idlest
      """)
  void forget(Instant oldest, Instant idlest);

  @SqlUpdate(
      """
      INSERT INTO console_sessions (token_hash, user_name, credential, created_at, last_seen_at)
      VALUES (:hash, :user, :credential, :now, :now)
      """)
  void insert(String hash, String user, String credential, Instant now);

  @SqlQuery(
      """
      SELECT user_name, credential, created_at, last_seen_at FROM console_sessions
      WHERE token_hash = :hash
      """)
  Optional<Session> find(String hash);

  @SqlUpdate("DELETE FROM console_sessions WHERE token_hash = :hash")
  void end(String hash);

  @SqlUpdate(
      """
      UPDATE console_sessions SET last_seen_at = :now
      WHERE token_hash = :hash AND last_seen_at < :now
      """)
  void touch(String hash, Instant now);
}
