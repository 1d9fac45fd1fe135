package dev.acuse.dispute;

import java.util.List;
import java.util.Locale;

/** What is held against a payment. */
public enum DisputeKind {
  /** A card's holder has its issuer take the money back. */
  CHARGEBACK,
  /** A buyer complains at MercadoPago. */
  CLAIM,
  /** MercadoPago asks the seller to give the money back and not to deliver. */
  FRAUD_ALERT,
  /** A word of a newer version. */
  UNKNOWN;

  /** Those that a caller may ask for. */
  public static final List<DisputeKind> KNOWN = List.of(CHARGEBACK, CLAIM, FRAUD_ALERT);

  /** The word used in the database and the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static DisputeKind of(String code) {
    return KNOWN.stream().filter(kind -> kind.code().equals(code)).findFirst().orElse(UNKNOWN);
  }
}
