package dev.acuse.account;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A seller at MercadoPago with its credentials, and, if it has one, a location of the CRM.
 *
 * @param name unique and for good, {@code [a-z0-9-]{1,32}}: it stands in an address at MercadoPago
 * @param displayName what people read
 * @param applicationId whose webhooks are its
 * @param sellerId MercadoPago's user id, which payments carry as their collector; null if it is not
 *     known, and then none is compared
 * @param site the country's, as MLA for Argentina; null if it is not known
 * @param accessToken what calls of MercadoPago authenticate with
 * @param refreshToken renews it; none today
 * @param tokenExpiresAt when the access token ends; null if it does not, or that is not known
 * @param crmToken what calls of the CRM authenticate with
 * @param locationId the sub-account there; null if none is set
 * @param ruled what the environment sets of it and cannot be set otherwise; of {@code main} only
 */
public record Account(
    long id,
    UUID uuid,
    String name,
    String displayName,
    AccountState state,
    long applicationId,
    @Nullable String sellerId,
    @Nullable String site,
    HeldSecret accessToken,
    HeldSecret refreshToken,
    @Nullable Instant tokenExpiresAt,
    HeldSecret crmToken,
    @Nullable String locationId,
    Set<AccountField> ruled) {
  /** The name of the account that there always is; its id is {@code Place.MAIN_ACCOUNT}. */
  public static final String MAIN_NAME = "main";

  /** Copies the set. */
  public Account {
    ruled = Set.copyOf(ruled);
  }

  /** Whether its events are worked off. */
  public boolean isActive() {
    return state == AccountState.ACTIVE;
  }

  /** Whether it takes webhooks and owns its seller. */
  public boolean isConnected() {
    return state != AccountState.DISCONNECTED;
  }
}
