package dev.acuse.console.session;

import dev.acuse.console.session.ConsoleUsers.User;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/**
 * Who is logged in; in the database, so that a session outlives a restart and holds for every
 * instance. A session ends with its user's password: a new hash in the configuration is a new
 * credential. Thread-safe.
 */
public final class Sessions {
  /**
   * A session's last use is written down no more often than this, and than a part of its idle time.
   */
  private static final Duration TOUCH_EVERY = Duration.ofMinutes(1);

  private static final int PARTS = 60;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final ConsoleUsers users;
  private final Duration touchEvery;

  /** The idle time, and as much as the last use may be later than is written down. */
  private final Duration idle;

  private final Duration life;

  /**
   * Sessions in a table of this database.
   *
   * @param asked how long a session may be without use
   * @param life after which a session ends however it is used
   */
  public Sessions(
      Jdbi jdbi, InstantSource clock, ConsoleUsers users, Duration asked, Duration life) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.users = users;
    Duration part = asked.dividedBy(PARTS);
    this.touchEvery = part.compareTo(TOUCH_EVERY) < 0 ? part : TOUCH_EVERY;
    this.idle = asked.plus(touchEvery);
    this.life = life;
  }

  /** A row of the table. */
  public record Session(
      String userName, String credential, Instant createdAt, Instant lastSeenAt) {}

  /**
   * Logs a user in, and forgets the sessions that have ended.
   *
   * @return what the cookie must hold
   */
  public String begin(User user) {
    String token = Secrets.newToken();
    Instant now = clock.instant();
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(
                  "DELETE FROM console_sessions"
                      + " WHERE created_at < :oldest OR last_seen_at < :idlest")
              .bind("oldest", now.minus(life))
              .bind("idlest", now.minus(idle))
              .execute();
          handle
              .createUpdate(
                  """
                  INSERT INTO console_sessions
                    (token_hash, user_name, credential, created_at, last_seen_at)
                  VALUES (:hash, :user, :credential, :now, :now)
                  """)
              .bind("hash", hash(token))
              .bind("user", user.name())
              .bind("credential", credential(user))
              .bind("now", now)
              .execute();
        });
    return token;
  }

  /** The user whose session this is; empty if it has ended or never was. */
  public Optional<User> find(String token) {
    Optional<Session> found =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT user_name, credential, created_at, last_seen_at"
                            + " FROM console_sessions WHERE token_hash = :hash")
                    .bind("hash", hash(token))
                    .map(ConstructorMapper.of(Session.class))
                    .findOne());
    Instant now = clock.instant();
    Optional<User> user =
        found
            .filter(session -> session.createdAt().plus(life).isAfter(now))
            .filter(session -> session.lastSeenAt().plus(idle).isAfter(now))
            .flatMap(
                session ->
                    users
                        .find(session.userName())
                        .filter(known -> credential(known).equals(session.credential())));
    if (user.isPresent() && found.get().lastSeenAt().plus(touchEvery).isBefore(now)) {
      touch(token, now);
    }
    return user;
  }

  /** Logs out; the cookie is of no more use to anybody. */
  public void end(String token) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("DELETE FROM console_sessions WHERE token_hash = :hash")
                .bind("hash", hash(token))
                .execute());
  }

  private void touch(String token, Instant now) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "UPDATE console_sessions SET last_seen_at = :now"
                        + " WHERE token_hash = :hash AND last_seen_at < :now")
                .bind("now", now)
                .bind("hash", hash(token))
                .execute());
  }

  private static String hash(String token) {
    return Secrets.hash("session", token);
  }

  private static String credential(User user) {
    return Secrets.hash("credential", user.hash());
  }
}
