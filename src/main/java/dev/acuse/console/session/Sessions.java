package dev.acuse.console.session;

import dev.acuse.console.session.ConsoleUsers.User;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Who is logged in; in the database, so that a session outlives a restart and holds for every
 * instance. A session ends with its user's password: a new hash in the configuration is a new
 * credential. One of a person of the database ends with any change of the person. Thread-safe.
 */
public final class Sessions {
  /**
   * A session's last use is written down no more often than this, and than a part of its idle time.
   */
  private static final Duration TOUCH_EVERY = Duration.ofMinutes(1);

  private static final int PARTS = 60;

  private final SessionDao sessions;
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
    this.sessions = jdbi.onDemand(SessionDao.class);
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
    sessions.begin(
        now.minus(life), now.minus(idle), hash(token), user.name(), credential(user), now);
    return token;
  }

  /** The user whose session this is; empty if it has ended or never was. It counts as a use. */
  public Optional<User> find(String token) {
    Optional<Session> found = sessions.find(hash(token));
    Instant now = clock.instant();
    Optional<User> user = found.flatMap(session -> user(session, now));
    if (user.isPresent() && found.get().lastSeenAt().plus(touchEvery).isBefore(now)) {
      sessions.touch(hash(token), now);
    }
    return user;
  }

  /** Whether this is a session that has not ended. It is no use of it. */
  public boolean isGoingOn(String token) {
    return sessions
        .find(hash(token))
        .flatMap(session -> user(session, clock.instant()))
        .isPresent();
  }

  private Optional<User> user(Session session, Instant now) {
    if (!session.createdAt().plus(life).isAfter(now)
        || !session.lastSeenAt().plus(idle).isAfter(now)) {
      return Optional.empty();
    }
    return users
        .find(session.userName())
        .filter(known -> credential(known).equals(session.credential()));
  }

  /** Logs out; the cookie is of no more use to anybody. */
  public void end(String token) {
    sessions.end(hash(token));
  }

  private static String hash(String token) {
    return Secrets.hash("session", token);
  }

  private static String credential(User user) {
    return Secrets.hash("credential", user.credential());
  }
}
