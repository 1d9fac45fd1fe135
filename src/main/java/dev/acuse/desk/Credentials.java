package dev.acuse.desk;

import dev.acuse.account.Account;
import dev.acuse.account.AccountChange;
import dev.acuse.account.Given;
import dev.acuse.account.HeldSecret;
import dev.acuse.text.Secret;
import org.jspecify.annotations.Nullable;

/**
 * By what an account calls other systems.
 *
 * @param sellerId MercadoPago's user id that the account has; null if it has none
 * @param locationId null if it has none
 */
public record Credentials(
    HeldSecret accessToken,
    @Nullable String sellerId,
    HeldSecret crmToken,
    @Nullable String locationId) {

  /** An account's own. */
  public static Credentials of(Account account) {
    return new Credentials(
        account.accessToken(), account.sellerId(), account.crmToken(), account.locationId());
  }

  /**
   * These, with what is given in their place: it is tried and not stored.
   *
   * @throws dev.acuse.http.ProblemException if it has not the form of what it should be
   */
  public Credentials with(AccountChange candidates) {
    Refusals.naming(
        () -> {
          candidates.check();
          return candidates;
        });
    return new Credentials(
        held(candidates.accessToken(), accessToken),
        candidates.sellerId().isGiven() ? candidates.sellerId().value() : sellerId,
        held(candidates.crmToken(), crmToken),
        candidates.locationId().isGiven() ? candidates.locationId().value() : locationId);
  }

  private static HeldSecret held(Given<Secret> given, HeldSecret present) {
    if (!given.isGiven()) {
      return present;
    }
    Secret value = given.value();
    return value == null ? HeldSecret.NONE : new HeldSecret(value, false, null);
  }
}
