package dev.acuse.account;

/** What the environment may rule of the account {@code main} and of its application. */
public enum AccountField {
  /** {@code MP_ACCESS_TOKEN}. */
  ACCESS_TOKEN("access_token", "MP_ACCESS_TOKEN"),
  /** {@code MP_WEBHOOK_SECRET}. */
  WEBHOOK_SECRETS("webhook_secrets", "MP_WEBHOOK_SECRET"),
  /** {@code MP_COLLECTOR_ID}. */
  SELLER("mp_user_id", "MP_COLLECTOR_ID"),
  /** {@code GHL_TOKEN}. */
  CRM_TOKEN("crm_token", "GHL_TOKEN"),
  /** {@code GHL_LOCATION_ID}. */
  LOCATION("location_id", "GHL_LOCATION_ID");

  private final String code;
  private final String variable;

  AccountField(String code, String variable) {
    this.code = code;
    this.variable = variable;
  }

  /** Its name in the API. */
  public String code() {
    return code;
  }

  /** The environment variable that rules it. */
  public String variable() {
    return variable;
  }
}
