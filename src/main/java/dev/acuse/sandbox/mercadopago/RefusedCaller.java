package dev.acuse.sandbox.mercadopago;

import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.http.Reply;
import java.util.Locale;

/** A refusal that is about the caller, whatever it asks for. */
public enum RefusedCaller {
  /** The gateway's policies refuse the application, or miss the token. */
  POLICY_AGENT,
  /** The token is not one. */
  MALFORMED_TOKEN,
  /** The token is wrong or has run out. */
  INVALID_TOKEN,
  /** The same, as the API of merchant orders words it. */
  INVALID_TOKEN_OF_ORDERS,
  /** The application lacks a scope. */
  LACKS_SCOPE;

  /** The fault that answers so. */
  public Fault fault() {
    return Fault.reply(name().toLowerCase(Locale.ROOT), reply());
  }

  private Reply reply() {
    return switch (this) {
      case POLICY_AGENT -> MercadoPagoErrors.policyAgent();
      case MALFORMED_TOKEN ->
          MercadoPagoErrors.reply(400, "bad_request", null, "Malformed access_token: null");
      case INVALID_TOKEN -> MercadoPagoErrors.of(401);
      case INVALID_TOKEN_OF_ORDERS ->
          MercadoPagoErrors.reply(400, "invalid_token", null, "Invalid token");
      case LACKS_SCOPE ->
          MercadoPagoErrors.reply(
              403, "unauthorized_scopes", null, "Unauthorized scopes for the application");
    };
  }
}
