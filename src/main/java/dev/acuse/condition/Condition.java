package dev.acuse.condition;

import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Place;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that may be wrong. Each is looked at by itself, so that one that cannot be told hides
 * no other.
 *
 * @param account whose it is, by its id; {@link #INSTALLATION} if it is no single account's
 * @param subject what it is about, where a kind has several; at most 128 characters
 */
public record Condition(Kind kind, long account, String subject, Rule rule) {
  /** The account that there always is. */
  public static final long MAIN = Place.MAIN_ACCOUNT;

  /** What concerns all accounts, or none. */
  public static final long INSTALLATION = KnownAccounts.NO_ACCOUNT;

  /** What can be wrong. */
  public enum Kind {
    FAILED("event-failed"),
    ACCOUNT_MISMATCH("account-mismatch"),
    MISFIT("payment-misfit"),
    QUARANTINED("quarantined"),
    QUARANTINE_GROWING("quarantine-growing"),
    UNKNOWN_ACCOUNT("unknown-account"),
    /** All topics that no handler took. */
    UNHANDLED("unhandled"),
    /** One of them, on the day on which the latest of its events came. */
    UNHANDLED_TOPIC("unhandled-topic"),
    PAUSED("paused"),
    LATE("backlog-late"),
    UNACCOUNTED("unaccounted"),
    UNACCOUNTED_ANYWHERE("unaccounted-anywhere"),
    REBUILT("database-rebuilt"),
    RESTORED("backup-restored"),
    SETTINGS_DIFFER("settings-differ"),
    KEYS("account-keys"),
    SPOOL_IN_USE("spool-in-use"),
    SPOOL_SET_ASIDE("spool-set-aside"),
    SPOOL_FULL("spool-full"),
    DOWN("downstream-down"),
    TOKEN_REFUSED("token-refused"),
    NO_TOKEN("no-token"),
    OUT_FOR_LONG("downstream-out"),
    UNHEALED("payments-unhealed"),
    OVERDUE("reconciliation-overdue"),
    SET_ASIDE("reconciliation-set-aside"),
    SILENCE("silence"),
    DISPUTE("dispute-open"),
    DISPUTE_DEADLINE("dispute-deadline"),
    DISPUTES_MANY("disputes-many"),
    FRAUD_ALERT("fraud-alert");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    /** A stable word: alerts are stored and muted by it. */
    public String code() {
      return code;
    }
  }

  /** Kinds of which each account has its own, and so has what is no account's. */
  private static final Set<Kind> OF_ACCOUNTS =
      Set.of(
          Kind.FAILED,
          Kind.MISFIT,
          Kind.QUARANTINED,
          Kind.QUARANTINE_GROWING,
          Kind.UNHANDLED,
          Kind.UNHANDLED_TOPIC,
          Kind.LATE,
          Kind.DOWN,
          Kind.TOKEN_REFUSED,
          Kind.NO_TOKEN,
          Kind.OUT_FOR_LONG,
          Kind.UNHEALED,
          Kind.OVERDUE,
          Kind.SET_ASIDE,
          Kind.SILENCE,
          Kind.DISPUTE,
          Kind.DISPUTE_DEADLINE,
          Kind.DISPUTES_MANY,
          Kind.FRAUD_ALERT);

  /**
   * By what an alert about it is known. That of {@code main}, and that of the installation where no
   * account has the kind, are worded as before there were accounts, so that what a version before
   * has opened is closed.
   */
  public String key() {
    String key = kind.code() + "|" + subject;
    boolean isPlain = account == MAIN || (account == INSTALLATION && !OF_ACCOUNTS.contains(kind));
    return isPlain ? key : key + "|" + account;
  }

  /** When it is wrong. */
  @FunctionalInterface
  public interface Rule {
    /**
     * Null if nothing is wrong; throws if that cannot be told.
     *
     * @param inbox read only by rules that need it
     */
    @Nullable Problem look(Supplier<Reading> inbox);
  }

  /** What is wrong now; see {@link Rule#look}. */
  public @Nullable Problem look(Supplier<Reading> inbox) {
    return rule.look(inbox);
  }
}
