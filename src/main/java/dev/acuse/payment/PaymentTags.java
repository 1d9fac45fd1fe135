package dev.acuse.payment;

import dev.acuse.effect.EffectKind;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Subject;
import dev.acuse.effect.SubjectEffects;
import dev.acuse.effect.SubjectEffects.OfSubject;
import dev.acuse.payment.state.Payment;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Which effects a payment gives reason to. A checkout wants them in its payments' place; what is
 * wanted by the rule of a payment's status is that payment's.
 */
final class PaymentTags {
  private final SubjectEffects effects;
  private final long accountId;

  /** Those of an account's payments. */
  PaymentTags(Handle handle, long accountId) {
    this.effects = new SubjectEffects(handle);
    this.accountId = accountId;
  }

  /** What a payment is judged by. */
  static Subject subject(Payment payment) {
    Long checkoutId = payment.checkoutId();
    return checkoutId == null ? Subject.payment(payment.id()) : Subject.checkout(checkoutId);
  }

  /** The tags that are wanted for a payment as it stands. */
  List<ContactTag> of(Payment payment) {
    if (!DueTags.counts(payment)) {
      return List.of();
    }
    return effects.wanted(accountId, List.of(subject(payment))).stream()
        .filter(one -> one.kind() == EffectKind.TAG && one.rule().equals(payment.status()))
        .map(
            one ->
                new ContactTag(
                    one.effectId(),
                    payment.id(),
                    one.target(),
                    one.name(),
                    one.doneAt(),
                    one.wantedAt()))
        .toList();
  }

  /** Our ids of those of these payments with an effect that waits or has failed. */
  Set<Long> outstanding(Collection<Payment> payments) {
    return with(payments, Set.of(EffectState.WAITING, EffectState.FAILED));
  }

  /** Our ids of those of these payments with an effect that has failed. */
  Set<Long> failed(Collection<Payment> payments) {
    return with(payments, Set.of(EffectState.FAILED));
  }

  private Set<Long> with(Collection<Payment> payments, Set<EffectState> states) {
    Map<Subject, Set<String>> rules = new HashMap<>();
    List<Subject> subjects = payments.stream().map(PaymentTags::subject).toList();
    for (OfSubject one : effects.outstanding(accountId, subjects)) {
      if (states.contains(one.state())) {
        rules.computeIfAbsent(one.subject(), subject -> new HashSet<>()).add(one.rule());
      }
    }
    Set<Long> found = new HashSet<>();
    for (Payment payment : payments) {
      if (DueTags.counts(payment)
          && rules.getOrDefault(subject(payment), Set.of()).contains(payment.status())) {
        found.add(payment.id());
      }
    }
    return found;
  }
}
