package dev.acuse.mercadopago.reconciliation;

/** What may be wrong with a search wherever one payment is in it. */
enum SearchFlaw {
  /** Its date is out of order. */
  DISORDER,
  /** Its date is of another window. */
  OTHER_WINDOW,
  /** The search fails with status 500. */
  FAILURE
}
