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

  /** Events about MercadoPago of the account {@code main}. */
  public static final Place MAIN = new Place(MAIN_ACCOUNT, Lane.MAIN, null);
}
