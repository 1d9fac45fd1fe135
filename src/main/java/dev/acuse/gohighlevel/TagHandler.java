package dev.acuse.gohighlevel;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.effect.CurrentEffect;
import dev.acuse.effect.CurrentEffects;
import dev.acuse.effect.EffectKind;
import dev.acuse.remote.RemoteException;
import java.util.List;

/** Puts a tag on a contact. Thread-safe. */
public final class TagHandler extends EffectHandler {
  /** Calls by the token of the effect's account. */
  public TagHandler(AccountCrms crms, CurrentEffects effects) {
    super(EffectKind.TAG, effects, crms);
  }

  @Override
  void call(CurrentEffect effect, GoHighLevelCrm crm, AttemptLog attempt) throws RemoteException {
    attempt.step(
        "tag",
        () -> crm.addTags(effect.target(), List.of(effect.name())),
        added -> added.isEmpty() ? "was on the contact already" : "tagged");
  }
}
