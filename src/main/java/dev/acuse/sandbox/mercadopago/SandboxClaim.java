package dev.acuse.sandbox.mercadopago;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A claim, as it is at a moment: a buyer complains to MercadoPago. Immutable.
 *
 * @param resource {@code payment}, {@code order}, {@code shipment} or {@code purchase}
 * @param resourceId of a payment its id in the Payments API
 * @param status {@code opened} or {@code closed}
 * @param type {@code mediations}, {@code cancel_purchase}, {@code return}, {@code cancel_sale} or
 *     {@code change}
 * @param stage {@code claim}, {@code dispute}, {@code recontact} or {@code none}
 * @param reasonId {@code PNR…} for what did not come, {@code PDD…} for what is broken
 * @param dueDate until when the seller must act; null if it need not
 * @param resolution why it was closed; null while it is open
 */
public record SandboxClaim(
    long id,
    String resource,
    String resourceId,
    String status,
    String type,
    String stage,
    String reasonId,
    @Nullable Instant dueDate,
    @Nullable String resolution,
    Instant created,
    Instant lastUpdated) {

  /** The same at another stage. */
  SandboxClaim at(String otherStatus, String otherStage, Instant now) {
    return new SandboxClaim(
        id,
        resource,
        resourceId,
        otherStatus,
        type,
        otherStage,
        reasonId,
        dueDate,
        resolution,
        created,
        now);
  }

  /** The same with another date until which the seller must act. */
  SandboxClaim due(@Nullable Instant other, Instant now) {
    return new SandboxClaim(
        id, resource, resourceId, status, type, stage, reasonId, other, resolution, created, now);
  }

  /** The same, closed. */
  SandboxClaim closed(String reason, Instant now) {
    return new SandboxClaim(
        id, resource, resourceId, "closed", type, stage, reasonId, null, reason, created, now);
  }
}
