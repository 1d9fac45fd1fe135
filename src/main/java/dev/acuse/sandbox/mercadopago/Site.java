package dev.acuse.sandbox.mercadopago;

import java.util.Arrays;
import java.util.Optional;

/** A country's MercadoPago (its page "Sites"). */
public enum Site {
  MLA("ARS"),
  MLB("BRL"),
  MLC("CLP"),
  MCO("COP"),
  MLM("MXN"),
  MLU("UYU"),
  MPE("PEN");

  private final String currency;

  Site(String currency) {
    this.currency = currency;
  }

  /** ISO 4217, in which its sellers are paid. */
  public String currency() {
    return currency;
  }

  /** The site of this id; empty for an unknown one. */
  public static Optional<Site> of(String id) {
    return Arrays.stream(values()).filter(site -> site.name().equals(id)).findFirst();
  }
}
