package dev.acuse.condition;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that may be wrong. Each is looked at by itself, so that one that cannot be told hides
 * no other.
 *
 * @param account whose it is
 * @param subject what it is about, where a kind has several; at most 128 characters
 */
public record Condition(Kind kind, String account, String subject, Rule rule) {
  /** The account, as long as there is one. */
  public static final String MAIN = "main";

  /** What can be wrong. */
  public enum Kind {
    FAILED("event-failed"),
    ACCOUNT_MISMATCH("account-mismatch"),
    MISFIT("payment-misfit"),
    QUARANTINED("quarantined"),
    QUARANTINE_GROWING("quarantine-growing"),
    UNKNOWN_ACCOUNT("unknown-account"),
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
    SILENCE("silence");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    /** A stable word: alerts are stored and muted by it. */
    public String code() {
      return code;
    }
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
