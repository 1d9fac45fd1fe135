package dev.acuse.dispute;

/** Why a dispute's case is not known, as it stands in the database and the API. */
public final class CaseProblem {
  /** MercadoPago does not let this application read it: it lacks a permission, as a rule. */
  public static final String FORBIDDEN = "forbidden";

  /** MercadoPago does not know it. */
  public static final String NOT_FOUND = "not_found";

  /** MercadoPago refused to look it up. */
  public static final String REFUSED = "refused";

  /** There was no answer, or none that could be understood. */
  public static final String UNREADABLE = "unreadable";

  /** It came unsigned, so that anybody may have sent it. */
  public static final String UNPROVEN = "unproven";

  private CaseProblem() {}
}
