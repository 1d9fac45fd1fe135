package dev.acuse.alert;

import dev.acuse.alert.AlertDao.Message;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.condition.Condition;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.text.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

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

  private final AlertDao dao;
  private final InstantSource clock;
  private final AuditTrail audit;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   * @param clock the database's time
   */
  public AlertStore(Jdbi jdbi, InstantSource clock) {
    this.dao = jdbi.onDemand(AlertDao.class);
    this.clock = clock;
    this.audit = new AuditTrail(jdbi, clock);
  }

  /** Deletes alerts that were over, and messages that were sent, longer ago than that. */
  int purge(Duration age) {
    Instant cutOff = clock.instant().minus(age);
    return dao.inTransaction(same -> same.purgeAlerts(cutOff) + same.purgeMessages(cutOff));
  }

  /**
   * Something is wrong, newly or still.
   *
   * @param told whether people know of its beginning already
   */
  public void raise(Condition condition, String text, boolean told) {
    Instant now = clock.instant();
    dao.useTransaction(same -> raise(same, condition, Text.cut(text, MAX_TEXT), told, now));
  }

  /** The same for what is told of once, however often it comes. */
  void raiseOnce(Condition condition, String text) {
    Instant now = clock.instant();
    dao.useTransaction(
        same -> {
          String kind = condition.kind().code();
          if (!same.isOver(condition.account(), kind, condition.subject())) {
            raise(same, condition, Text.cut(text, MAX_TEXT), false, now);
          }
        });
  }

  private static void raise(
      AlertDao same, Condition condition, String cut, boolean told, Instant now) {
    long account = condition.account();
    String kind = condition.kind().code();
    String key = condition.key();
    same.open(kind, condition.subject(), cut, key, told, now, account);
    same.see(key, cut, now, account);
    if (!same.isMuted(account, kind, ALL, now) && same.announce(key)) {
      same.enqueue(cut, now, account);
    }
  }

  /** Something is right, still or again. */
  void settle(Condition condition) {
    Instant now = clock.instant();
    long account = condition.account();
    String kind = condition.kind().code();
    String key = condition.key();
    dao.useTransaction(
        same -> {
          Optional<String> announced = same.lockAnnounced(key);
          if (same.close(key, now)
              && announced.isPresent()
              && !same.isMuted(account, kind, ALL, now)) {
            same.enqueue("Recovered: " + announced.get(), now, account);
          }
        });
  }

  /** What is wrong as far as was noticed, as {@link Condition#key} names it. */
  Set<String> openKeys() {
    return dao.openKeys();
  }

  /** The open alerts of these kinds by their keys, and whether each was told. */
  Map<String, Boolean> open(Set<Kind> kinds) {
    Map<String, Boolean> open = new HashMap<>();
    dao.openOf(kinds.stream().map(Kind::code).toList())
        .forEach(alert -> open.put(alert.openKey(), alert.announced()));
    return open;
  }

  /** What was wrong has gone, which is not told. */
  void drop(String key) {
    dao.close(key, clock.instant());
  }

  /** Has a message delivered. */
  void enqueue(String text) {
    dao.enqueue(text, clock.instant(), Condition.INSTALLATION);
  }

  /**
   * No message tells of a kind for a while; what still lasts then is told then. The audit has it.
   *
   * @param account of which no message tells; 0 for all
   * @param target what is muted, in the words of the audit
   */
  void mute(long account, String kind, Duration time, OperatorRequest by, String target) {
    dao.useTransaction(
        same -> {
          same.unmute(account, kind);
          same.mute(account, kind, clock.instant().plus(time));
        });
    audit.record(account, by, null, target);
  }

  /**
   * The message that has waited for longest, for the caller alone.
   *
   * @param lease after which another may try, if the caller is not heard of
   */
  Optional<Message> claim(Duration lease) {
    Instant now = clock.instant();
    return dao.inTransaction(
        same ->
            same.lockDue(now).filter(message -> same.claim(message.id(), now, now.plus(lease))));
  }

  /** It is delivered. */
  void sent(long id) {
    dao.sent(id, clock.instant());
  }

  /** It is not. */
  void failed(long id, String error, Duration again) {
    dao.failed(id, Text.cut(error, MAX_TEXT), clock.instant().plus(again));
  }

  /** It is not, and never will be. */
  void giveUp(long id) {
    dao.giveUp(id);
  }
}
