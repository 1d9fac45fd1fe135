package dev.acuse.event;

import org.jspecify.annotations.Nullable;

/**
 * Whose an event is, and where it is worked off.
 *
 * @param accountId the account's; {@value #MAIN_ACCOUNT} is the one that there always is
 * @param effectId the effect that the event works off; null for any other event
 */
public record Place(long accountId, Lane lane, @Nullable Long effectId) {
  /** The id of the account {@code main}. */
  public static final long MAIN_ACCOUNT = 1;

  /** Instead of an account's id: what is verified, and no account's. */
  public static final long NO_ACCOUNT = 0;

  /** Events about MercadoPago of the account {@code main}. */
  public static final Place MAIN = new Place(MAIN_ACCOUNT, Lane.MAIN, null);

  /** Events about MercadoPago of an account. */
  public static Place mercadoPago(long accountId) {
    return accountId == MAIN_ACCOUNT
        ? MAIN
        : new Place(accountId, Lane.mercadoPago(accountId), null);
  }

  /**
   * What is no account's. Nothing is claimed from such a lane; it says who has signed.
   *
   * @param applicationId the application whose secret it was signed with
   */
  public static Place unknownAccount(long applicationId) {
    return new Place(NO_ACCOUNT, Lane.application(applicationId), null);
  }
}
