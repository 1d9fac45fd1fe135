package dev.acuse.gohighlevel;

/** The CRM of each account, by its own token and at its own location. Thread-safe. */
@FunctionalInterface
public interface AccountCrms {
  /** The CRM of an account; one without a token if there is no such account. */
  GoHighLevelCrm of(long accountId);
}
