package dev.acuse.gohighlevel;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.effect.CurrentEffect;
import dev.acuse.effect.CurrentEffects;
import dev.acuse.effect.EffectKind;
import dev.acuse.effect.Subject;
import dev.acuse.payment.PayerContacts;
import dev.acuse.remote.RemoteException;
import java.util.Optional;

/**
 * Finds the contact of a payer by e-mail. That there is none is an answer too: the search has gone
 * well then, and a person may have it made once more. Thread-safe.
 */
public final class FindContactHandler extends EffectHandler {
  private final PayerContacts payers;

  /** Calls by the token of the effect's account. */
  public FindContactHandler(AccountCrms crms, PayerContacts payers, CurrentEffects effects) {
    super(EffectKind.FIND_CONTACT, effects, crms);
    this.payers = payers;
  }

  @Override
  void call(CurrentEffect effect, GoHighLevelCrm crm, AttemptLog attempt) throws RemoteException {
    var subject = new Subject(effect.target());
    Optional<String> email = payers.emailOf(effect.accountId(), subject);
    if (email.isEmpty()) {
      attempt.step("contact", () -> "", nothing -> "a contact is known by now, or no address");
      return;
    }
    Optional<String> contact =
        attempt.step(
            "contact",
            () -> crm.findContactByEmail(email.get()),
            found -> found.isPresent() ? "found" : "GoHighLevel has no contact with this address");
    contact.ifPresent(id -> payers.found(effect.accountId(), subject, id));
  }
}
