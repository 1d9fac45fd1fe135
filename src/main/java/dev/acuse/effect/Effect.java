package dev.acuse.effect;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What shall be so in another system because of a payment or a checkout.
 *
 * @param accountId whose it is
 * @param target whom it is done to, as the other system names that: a contact's id, for instance
 * @param name which one of its kind: a tag, for instance; empty where the kind has only one
 * @param generation grows when {@code wanted} changes, from 1 on
 * @param doneGeneration the latest generation that was carried out; 0 if none was
 * @param eventId the event that works the present generation off; null if none does or did
 * @param error what the latest attempt met, in one line for people; null unless it failed
 * @param doneAt when it was last carried out; null if it never was
 * @param reasons what wants it; none once nothing does
 */
public record Effect(
    long id,
    long accountId,
    EffectKind kind,
    String target,
    String name,
    Wanted wanted,
    long generation,
    long doneGeneration,
    EffectState state,
    @Nullable Long eventId,
    @Nullable String error,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant doneAt,
    List<Reason> reasons) {

  /** Copies the list. */
  public Effect {
    reasons = List.copyOf(reasons);
  }

  /**
   * One thing that wants the effect.
   *
   * @param rule which rule, within the version; for version 0, the payment's status whose tag it is
   * @param version of the account's rules; 0 is {@code payment.tags} of the configuration
   */
  public record Reason(Subject subject, String rule, long version) {}
}
