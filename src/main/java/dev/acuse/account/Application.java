package dev.acuse.account;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An application at MercadoPago, which signs the webhooks of its accounts.
 *
 * @param name unique, {@code [a-z0-9-]{1,32}}
 * @param clientId MercadoPago's id of it, which bodies name as {@code application_id}; null if it
 *     is not known
 * @param webhookSecrets those that may sign, the newest first; empty if signatures aren't checked
 * @param isHidden whether an operator has removed it
 */
public record Application(
    long id,
    UUID uuid,
    String name,
    @Nullable String clientId,
    HeldSecret clientSecret,
    List<HeldSecret> webhookSecrets,
    boolean isHidden) {
  /** The id of the one that there always is. */
  public static final long MAIN = 1;

  /** Copies the list. */
  public Application {
    webhookSecrets = List.copyOf(webhookSecrets);
  }

  /** Whether one of its webhook secrets is stored and cannot be opened. */
  public boolean hasUnreadableSecret() {
    return webhookSecrets.stream().anyMatch(HeldSecret::isUnreadable);
  }
}
