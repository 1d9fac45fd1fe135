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
import dev.acuse.event.WebhookEvent;
import dev.acuse.remote.RemoteException;
import java.util.Optional;

/**
 * Does what an effect wants now, whatever was wanted when its event was made. Before the call it
 * compares the accounts of the event, of what wants the effect, and of the token. Thread-safe.
 */
abstract class EffectHandler implements EventHandler {
  private final EffectKind kind;
  private final CurrentEffects effects;
  private final long accountId;

  /**
   * @param accountId whose token the calls carry
   */
  EffectHandler(EffectKind kind, CurrentEffects effects, long accountId) {
    this.kind = kind;
    this.effects = effects;
    this.accountId = accountId;
  }

  @Override
  public final boolean handles(WebhookEvent event) {
    return event.source().equals(NewEvent.EFFECT_SOURCE) && event.eventType().equals(kind.code());
  }

  @Override
  public final Outcome handle(WebhookEvent event, AttemptLog attempt) {
    Optional<EffectKey> key = EffectKey.of(event.webhookId());
    Optional<CurrentEffect> found = key.flatMap(one -> effects.find(one.effectId()));
    if (found.isEmpty()) {
      return Outcome.fail("no_effect", "there is no such effect", null);
    }
    CurrentEffect effect = found.get();
    if (key.get().generation() != effect.key().generation()) {
      return Outcome.ignored("superseded");
    }
    if (effect.wanted() != Wanted.PRESENT) {
      return Outcome.ignored("nothing wants it any more");
    }
    if (!isOfOneAccount(event, effect)) {
      return Outcome.fail("account_mismatch", "account mismatch", null);
    }
    try {
      call(effect, attempt);
      return Outcome.done();
    } catch (RemoteException e) {
      return RemoteFailures.ofTag(GoHighLevelCrm.NAME, e);
    }
  }

  private boolean isOfOneAccount(WebhookEvent event, CurrentEffect effect) {
    return event.accountId() == effect.accountId()
        && effect.isOfOneAccount()
        && effect.accountId() == accountId;
  }

  /**
   * Makes it so. Where it is so already, nothing changes by that.
   *
   * @throws RemoteException sorted by what to do next
   */
  abstract void call(CurrentEffect effect, AttemptLog attempt) throws RemoteException;
}
