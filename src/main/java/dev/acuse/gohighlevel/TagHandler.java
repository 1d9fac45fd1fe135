package dev.acuse.gohighlevel;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.effect.CurrentEffect;
import dev.acuse.effect.CurrentEffects;
import dev.acuse.effect.EffectKind;
import dev.acuse.remote.RemoteException;
import java.util.List;

/** Puts a tag on a contact. Thread-safe. */
public final class TagHandler extends EffectHandler {
  private final GoHighLevelCrm crm;

  /**
   * @param accountId whose token {@code crm} calls by
   */
  public TagHandler(GoHighLevelCrm crm, CurrentEffects effects, long accountId) {
    super(EffectKind.TAG, effects, accountId);
    this.crm = crm;
  }

  @Override
  void call(CurrentEffect effect, AttemptLog attempt) throws RemoteException {
    attempt.step(
        "tag",
        () -> crm.addTags(effect.target(), List.of(effect.name())),
        added -> added.isEmpty() ? "was on the contact already" : "tagged");
  }
}
