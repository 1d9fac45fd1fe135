package dev.acuse.account;

import dev.acuse.text.ExternalId;
import dev.acuse.text.Secret;
import dev.acuse.text.Text;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What each field of an account or an application may be by itself. */
final class FieldRules {
  /** Sealed it fits into its column. */
  static final int MAX_SECRET = 2_048;

  private static final int MAX_WEBHOOK_SECRET = 512;
  private static final int MAX_WEBHOOK_SECRETS = 10;
  private static final int MAX_DISPLAY_NAME = 128;

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,64}");
  private static final Pattern SITE = Pattern.compile("[A-Z]{3}");
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]*");
  private static final String UUID =
      "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

  /** The key that a shop's page carries, of production or of test credentials. */
  private static final Pattern PUBLIC_KEY = Pattern.compile("(APP_USR|TEST)-" + UUID);

  private static final Pattern PRIVATE_INTEGRATION = Pattern.compile("pit-" + UUID);

  /** Application, time, hash, and last the seller. */
  private static final Pattern ACCESS_TOKEN =
      Pattern.compile("APP_USR-[0-9]+-[0-9]+-[0-9a-zA-Z]+(?:__[0-9a-zA-Z_]+__)?-([0-9]+)");

  private FieldRules() {}

  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw AccountProblem.invalid(
          "name", "malformed", "it must be 1 to 32 of a-z, 0-9 and -: it stands in an address");
    }
  }

  /** The name without blanks at its ends. */
  static String displayName(@Nullable String given) {
    String text = given == null ? "" : given.strip();
    if (text.isEmpty() || text.length() > MAX_DISPLAY_NAME || !Text.isOneLine(text)) {
      throw AccountProblem.invalid(
          "display_name", "malformed", "it must be one line of 1 to 128 characters");
    }
    return text;
  }

  static void checkSeller(@Nullable String given) {
    if (given != null && !DIGITS.matcher(given).matches()) {
      throw AccountProblem.invalid(
          "mp_user_id", "malformed", "it must be MercadoPago's user id, which is digits");
    }
  }

  static void checkClientId(@Nullable String given) {
    if (given != null && !DIGITS.matcher(given).matches()) {
      throw AccountProblem.invalid(
          "client_id", "malformed", "it must be MercadoPago's id of an application: digits");
    }
  }

  static void checkSite(@Nullable String given) {
    if (given != null && !SITE.matcher(given).matches()) {
      throw AccountProblem.invalid("site", "malformed", "it must be three letters, such as MLA");
    }
  }

  static void checkLocation(@Nullable String given) {
    if (given != null && !ExternalId.matches(given)) {
      throw AccountProblem.invalid("location_id", "malformed", "it must be an id of GoHighLevel's");
    }
  }

  static void checkAccessToken(Secret secret) {
    String field = SecretColumn.ACCESS_TOKEN.column();
    checkSecret(field, secret, MAX_SECRET);
    String text = secret.reveal();
    if (PUBLIC_KEY.matcher(text).matches()) {
      throw AccountProblem.invalid(
          field,
          "public_key",
          "it is a public key: the access token stands beside it in the panel");
    }
    if (text.startsWith("TEST-")) {
      throw AccountProblem.invalid(
          field, "test_token", "it is a token of test credentials: use that of a test seller");
    }
    if (text.startsWith("TG-")) {
      throw AccountProblem.invalid(field, "refresh_token", "it is a refresh token");
    }
    if (PRIVATE_INTEGRATION.matcher(text).matches()) {
      throw AccountProblem.invalid(field, "crm_token", "it is a token of GoHighLevel");
    }
  }

  static void checkRefreshToken(Secret secret) {
    String field = SecretColumn.REFRESH_TOKEN.column();
    checkSecret(field, secret, MAX_SECRET);
    if (secret.reveal().startsWith("APP_USR-") || secret.reveal().startsWith("TEST-")) {
      throw AccountProblem.invalid(field, "access_token", "it is an access token or a public key");
    }
  }

  /** Whether it is an agency's or a location's its form does not tell, as a rule. */
  static void checkCrmToken(Secret secret) {
    String field = SecretColumn.CRM_TOKEN.column();
    checkSecret(field, secret, MAX_SECRET);
    String text = secret.reveal();
    if (text.startsWith("APP_USR-") || text.startsWith("TEST-") || text.startsWith("TG-")) {
      throw AccountProblem.invalid(field, "mercadopago_token", "it is a token of MercadoPago");
    }
    if (TokenClaims.isOfAgency(text)) {
      throw AccountProblem.invalid(
          field, "agency_token", "it is a token of an agency: a sub-account's is needed");
    }
  }

  static void checkClientSecret(Secret secret) {
    checkSecret(SecretColumn.CLIENT_SECRET.column(), secret, MAX_SECRET);
  }

  static void checkWebhookSecrets(List<Secret> secrets) {
    String field = SecretColumn.WEBHOOK_SECRETS.column();
    if (secrets.size() > MAX_WEBHOOK_SECRETS) {
      throw AccountProblem.invalid(field, "too_many", "there may be 10 at most");
    }
    for (Secret secret : secrets) {
      if (!secret.isSet()) {
        throw AccountProblem.invalid(field, "malformed", "none of them may be empty");
      }
      checkSecret(field, secret, MAX_WEBHOOK_SECRET);
      if (secret.reveal().startsWith("APP_USR-") || secret.reveal().startsWith("TEST-")) {
        throw AccountProblem.invalid(
            field, "access_token", "it is a token: the secret signature of the panel is needed");
      }
    }
  }

  private static void checkSecret(String field, Secret secret, int max) {
    if (secret.reveal().length() > max) {
      throw AccountProblem.invalid(
          field, "too_long", "it must have %d characters at most".formatted(max));
    }
    if (!PRINTABLE.matcher(secret.reveal()).matches()) {
      throw AccountProblem.invalid(
          field, "not_printable", "it must be printable ASCII without blanks");
    }
  }

  /** The seller that an access token names; null if its form tells none. */
  static @Nullable String sellerOf(Secret accessToken) {
    Matcher form = ACCESS_TOKEN.matcher(accessToken.reveal());
    return form.matches() ? form.group(1) : null;
  }
}
