package dev.acuse.sandbox.mercadopago;

import java.util.Arrays;
import java.util.Optional;

/** A country's MercadoPago (its page "Sites"). */
public enum Site {
  MLA("ARS", "ARG"),
  MLB("BRL", "BRA"),
  MLC("CLP", "CHL"),
  MCO("COP", "COL"),
  MLM("MXN", "MEX"),
  MLU("UYU", "URY"),
  MPE("PEN", "PER");

  private final String currency;
  private final String country;

  Site(String currency, String country) {
    this.currency = currency;
    this.country = country;
  }

  /** ISO 4217, in which its sellers are paid. */
  public String currency() {
    return currency;
  }

  /** {@code country_code} of its orders: three letters of ISO 3166. */
  String country() {
    return country;
  }

  /** The site of this id; empty for an unknown one. */
  public static Optional<Site> of(String id) {
    return Arrays.stream(values()).filter(site -> site.name().equals(id)).findFirst();
  }
}
