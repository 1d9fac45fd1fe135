package dev.acuse.gohighlevel;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.EventHandler;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispatch.RemoteFailures;
import dev.acuse.effect.CurrentEffect;
import dev.acuse.effect.CurrentEffects;
import dev.acuse.effect.EffectKind;
import dev.acuse.effect.Wanted;
import dev.acuse.event.EffectKey;
import dev.acuse.event.NewEvent;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.WebhookEvent;
import dev.acuse.remote.RemoteException;
import java.util.Optional;
import java.util.Set;

/**
 * Does what an effect wants now, whatever was wanted when its event was made. Before the call it
 * compares the accounts of the event, of the effect, and of all that wants it; the call is made by
 * that account's token. Thread-safe.
 */
abstract class EffectHandler implements EventHandler {
  private final EffectKind kind;
  private final CurrentEffects effects;
  private final AccountCrms crms;

  EffectHandler(EffectKind kind, CurrentEffects effects, AccountCrms crms) {
    this.kind = kind;
    this.effects = effects;
    this.crms = crms;
  }

  @Override
  public final String source() {
    return NewEvent.EFFECT_SOURCE;
  }

  @Override
  public final Set<String> eventTypes() {
    return Set.of(kind.code());
  }

  /**
   * Without its row nothing wants an effect; whatever wants it settles again, and makes another.
   */
  private static Outcome withoutEffect(WebhookEvent event) {
    return event.attempts() < event.maxAttempts()
        ? Outcome.retry("no_effect", "there is no such effect", null).because(ReasonCode.OWN_FAULT)
        : Outcome.ignored("there is no such effect").because(ReasonCode.SUPERSEDED);
  }

  @Override
  public final Outcome handle(WebhookEvent event, AttemptLog attempt) {
    Optional<EffectKey> key = EffectKey.of(event.webhookId());
    Optional<CurrentEffect> found = key.flatMap(one -> effects.find(one.effectId()));
    if (found.isEmpty()) {
      return withoutEffect(event);
    }
    CurrentEffect effect = found.get();
    if (key.get().generation() != effect.key().generation()) {
      return Outcome.ignored("superseded").because(ReasonCode.SUPERSEDED);
    }
    if (effect.wanted() != Wanted.PRESENT) {
      return Outcome.ignored("nothing wants it any more").because(ReasonCode.SUPERSEDED);
    }
    if (!isOfOneAccount(event, effect)) {
      return Outcome.accountMismatch();
    }
    try {
      call(effect, crms.of(event.accountId()), attempt);
      return Outcome.done();
    } catch (RemoteException e) {
      return RemoteFailures.ofTag(GoHighLevelCrm.NAME, effect.target(), e);
    }
  }

  private boolean isOfOneAccount(WebhookEvent event, CurrentEffect effect) {
    return event.accountId() == effect.accountId() && effect.isOfOneAccount();
  }

  /**
   * Makes it so. Where it is so already, nothing changes by that.
   *
   * @param crm of the effect's account
   * @throws RemoteException sorted by what to do next
   */
  abstract void call(CurrentEffect effect, GoHighLevelCrm crm, AttemptLog attempt)
      throws RemoteException;
}
