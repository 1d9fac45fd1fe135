package dev.acuse.mercadopago;

import dev.acuse.text.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one account at MercadoPago is known by.
 *
 * @param accessToken what calls of its API authenticate with
 * @param webhookSecrets those that may sign webhooks, the newest first; empty if signatures aren't
 *     checked
 * @param collectorId the account that payments must belong to; null if that isn't checked
 */
public record MercadoPagoCredentials(
    Secret accessToken, List<Secret> webhookSecrets, @Nullable String collectorId) {
  /** Copies the list. */
  public MercadoPagoCredentials {
    webhookSecrets = List.copyOf(webhookSecrets);
  }
}
