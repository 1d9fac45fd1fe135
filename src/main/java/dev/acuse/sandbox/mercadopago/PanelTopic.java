package dev.acuse.sandbox.mercadopago;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a seller's application may be told of: a box in MercadoPago's panel. */
public enum PanelTopic {
  /** Payments, and their merchant orders. */
  PAYMENT,
  /** Orders of the Orders API. */
  ORDER,
  CHARGEBACK,
  CLAIM;

  /** The topic of this name in lower case; empty for an unknown one. */
  public static Optional<PanelTopic> of(String name) {
    return Arrays.stream(values())
        .filter(topic -> topic.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }
}
