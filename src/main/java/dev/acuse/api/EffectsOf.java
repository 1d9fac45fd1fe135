package dev.acuse.api;

import dev.acuse.effect.EffectReader;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.EffectTally;
import dev.acuse.effect.SeenEffect;
import dev.acuse.effect.Subject;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Payment;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The effects of payments and events. Those of a payment are what it wants itself and what its
 * checkout wants; those of a webhook's event are its payment's; an effect's event has that effect.
 */
public final class EffectsOf {
  private final EffectReader effects;
  private final PaymentReader payments;

  /**
   * @param payments tells which payment belongs to which checkout
   */
  public EffectsOf(EffectReader effects, PaymentReader payments) {
    this.effects = effects;
    this.payments = payments;
  }

  /** Because of what a payment may want effects. */
  public static Set<Subject> subjects(Payment payment) {
    return subjects(payment.id(), payment.checkoutId());
  }

  private static Set<Subject> subjects(long paymentId, @Nullable Long checkoutId) {
    Set<Subject> subjects = new LinkedHashSet<>(List.of(Subject.payment(paymentId)));
    if (checkoutId != null) {
      subjects.add(Subject.checkout(checkoutId));
    }
    return subjects;
  }

  /** A payment's, newest first. */
  public List<SeenEffect> of(Scope scope, Payment payment) {
    return effects.of(payments.scopeOf(scope, List.of(payment.id())), subjects(payment));
  }

  /** An event's, newest first; none where its payment is not known. */
  public List<SeenEffect> of(Scope scope, WebhookEvent event) {
    Long effect = event.effectId();
    return effect == null
        ? effects.of(scopeOf(scope, event), subjects(scope, event))
        : effects.find(scope, effect).stream().toList();
  }

  private Scope scopeOf(Scope scope, WebhookEvent event) {
    Long payment = event.paymentId();
    return payment == null ? scope : payments.scopeOf(scope, List.of(payment));
  }

  /** Because of what an event's payment may want effects; none where that is not known. */
  public Set<Subject> subjects(Scope scope, WebhookEvent event) {
    Long id = event.paymentId();
    return id == null
        ? Set.of()
        : payments.payment(scope, id).map(EffectsOf::subjects).orElse(Set.of());
  }

  /** How the effects of these payments stand, by our id; each is there. */
  public Map<Long, EffectTally> ofPayments(Scope scope, Collection<Payment> these) {
    Map<Long, Set<Subject>> subjects = new HashMap<>();
    these.forEach(payment -> subjects.put(payment.id(), subjects(payment)));
    return tallies(payments.scopeOf(scope, subjects.keySet()), subjects);
  }

  /** How the effects of these events stand, by the event's id; each is there. */
  public Map<Long, EffectTally> ofEvents(Scope scope, Collection<WebhookEvent> these) {
    Map<Long, EffectTally> tallies = new HashMap<>();
    these.forEach(event -> tallies.put(event.id(), EffectTally.NONE));
    addThoseOfPayments(scope, these, tallies);
    addThoseOfEffects(scope, these, tallies);
    return tallies;
  }

  private void addThoseOfPayments(
      Scope scope, Collection<WebhookEvent> these, Map<Long, EffectTally> tallies) {
    List<Long> ids =
        these.stream()
            .filter(event -> event.effectId() == null)
            .map(WebhookEvent::paymentId)
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    Map<Long, Long> checkouts = payments.checkoutsOf(scope, ids);
    Map<Long, Set<Subject>> subjects = new HashMap<>();
    ids.forEach(id -> subjects.put(id, subjects(id, checkouts.get(id))));
    Map<Long, EffectTally> byPayment = tallies(payments.scopeOf(scope, ids), subjects);
    for (WebhookEvent event : these) {
      Long payment = event.paymentId();
      if (payment != null && event.effectId() == null) {
        tallies.put(event.id(), byPayment.getOrDefault(payment, EffectTally.NONE));
      }
    }
  }

  private void addThoseOfEffects(
      Scope scope, Collection<WebhookEvent> these, Map<Long, EffectTally> tallies) {
    List<Long> ids =
        these.stream().map(WebhookEvent::effectId).filter(Objects::nonNull).distinct().toList();
    Map<Long, EffectState> states = effects.states(scope, ids);
    for (WebhookEvent event : these) {
      Long effect = event.effectId();
      EffectState state = effect == null ? null : states.get(effect);
      if (state != null) {
        tallies.put(event.id(), EffectTally.of(List.of(state)));
      }
    }
  }

  /** What a payment and its checkout both want is one effect. */
  private Map<Long, EffectTally> tallies(Scope scope, Map<Long, Set<Subject>> subjects) {
    Set<Subject> all = new HashSet<>();
    subjects.values().forEach(all::addAll);
    Map<Subject, Map<Long, EffectState>> bySubject = effects.statesBySubject(scope, all);
    Map<Long, EffectTally> tallies = new HashMap<>();
    subjects.forEach(
        (payment, its) -> {
          Map<Long, EffectState> states = new HashMap<>();
          its.forEach(subject -> states.putAll(bySubject.getOrDefault(subject, Map.of())));
          tallies.put(payment, EffectTally.of(states.values()));
        });
    return tallies;
  }
}
