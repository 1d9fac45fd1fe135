package dev.acuse.event;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where an event is worked off. Claims take lanes in turn, and each lane has a breaker and a rate
 * of its own, so that one which is slow, flooded or refused holds up no other.
 *
 * @param code as stored: {@code mp:<account id>}, {@code mp:application:<application id>}, {@code
 *     crm:<location id>}, {@code crm:account:<account id>} or {@code to:<endpoint id>}; at most 64
 *     characters
 */
public record Lane(String code) {
  private static final String APPLICATION = LaneKind.MERCADOPAGO.prefix() + "application:";

  /** MercadoPago's of the account that there always is. */
  public static final Lane MAIN = mercadoPago(Place.MAIN_ACCOUNT);

  /** Events of an account that ask MercadoPago. */
  public static Lane mercadoPago(long accountId) {
    return new Lane(LaneKind.MERCADOPAGO.prefix() + accountId);
  }

  /** What an application has signed and is no account's; it is never pending. */
  public static Lane application(long applicationId) {
    return new Lane(APPLICATION + applicationId);
  }

  /** The application whose lane this is; empty if it is none's. */
  public OptionalLong applicationId() {
    String id = code.startsWith(APPLICATION) ? code.substring(APPLICATION.length()) : "";
    return id.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(id)) : OptionalLong.empty();
  }

  /**
   * Events that call the CRM. Accounts that share a location share its lane, because GoHighLevel
   * counts calls by location.
   *
   * @param locationId null if the account names none; then the lane is its own
   */
  public static Lane crm(long accountId, @Nullable String locationId) {
    String subject = locationId == null ? "account:" + accountId : locationId;
    return new Lane(LaneKind.CRM.prefix() + subject);
  }

  /** Messages to one endpoint. */
  public static Lane endpoint(long endpointId) {
    return new Lane(LaneKind.ENDPOINT.prefix() + endpointId);
  }

  /** What its events call. */
  public LaneKind kind() {
    for (LaneKind kind : LaneKind.values()) {
      if (kind != LaneKind.UNKNOWN && code.startsWith(kind.prefix())) {
        return kind;
      }
    }
    return LaneKind.UNKNOWN;
  }
}
