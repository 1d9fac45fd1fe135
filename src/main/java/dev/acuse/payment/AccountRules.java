package dev.acuse.payment;

/** By what each account's payments are judged now. Thread-safe. */
@FunctionalInterface
public interface AccountRules {
  /** The rules of an account; without tags if there is no such account. Never blocks. */
  PaymentRules of(long accountId);
}
