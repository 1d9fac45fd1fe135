package dev.acuse.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.remote.RefusalRules;
import dev.acuse.remote.RemoteAnswer;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sorts MercadoPago's refusals. The shapes are those of its OpenAPI document (message, error,
 * status, a list of causes with codes), of its page on merchant orders (errors as words), and of
 * the gateway before it (code, blocked_by).
 */
final class MercadoPagoRefusals {
  /** What is asked for by its id, or searched: words that are not known say nothing of it. */
  static final RefusalRules OF_LOOK_UPS = refusal -> about(refusal, false);

  /** What was sent to be created: a refusal in MercadoPago's shape is about what was sent. */
  static final RefusalRules OF_CREATION = refusal -> about(refusal, true);

  /**
   * The Orders API, which has codes of its own: a 403 is about the order, unless it is about us.
   * With a 402 comes the order that was refused, whose own words say nothing of us.
   */
  static final RefusalRules OF_ORDERS =
      refusal -> {
        boolean isOwn = refusal.objectOrNull() != null;
        if (refusal.status() == 402 && isOwn) {
          return RefusalRules.About.THIS_ONE;
        }
        RefusalRules.About about = about(refusal, false);
        return about == RefusalRules.About.NEITHER && refusal.status() == 403 && isOwn
            ? RefusalRules.About.THIS_ONE
            : about;
      };

  /**
   * The searches for merchant orders and for orders, which payments can do without: an account
   * whose policies refuse only these must not be taken for one that is refused altogether.
   */
  static final RefusalRules OF_ORDER_SEARCH =
      refusal -> refusal.status() == 403 ? refusedSearch(refusal) : about(refusal, false);

  /**
   * Chargebacks and claims: their 403 comes before MercadoPago looks what was asked for, and says
   * no more than that this application may not read such things. Only a 401 is about the token.
   */
  static final RefusalRules OF_CASES =
      refusal -> {
        boolean isOwn = refusal.objectOrNull() != null;
        if (refusal.status() == 403 || refusal.status() == 404) {
          return isOwn || refusal.isEmpty()
              ? RefusalRules.About.THIS_ONE
              : RefusalRules.About.NEITHER;
        }
        RefusalRules.About about = about(refusal, false);
        return about == RefusalRules.About.NEITHER && isOwn ? RefusalRules.About.THIS_ONE : about;
      };

  /** Each is about the caller, with any status of 4xx. */
  private static final Pattern ABOUT_US =
      Pattern.compile(
          "\\bpa_unauthorized|policyagent|policy returned unauthorized"
              + "|(malformed|invalid|expired|missing|wrong|revoked|bad|empty|unauthorized)"
              + "[ _-]*(access|bearer|oauth|auth|refresh)?[ _-]*token"
              + "|(access|bearer)?[ _-]*token\\b.{0,40}"
              + "\\b(malformed|invalid|not valid|expired|missing|required|revoked|not found)"
              + "|token must be for test|must provide your access_token"
              + "|authorization (value|header)|\\bunauthorized_(client|scopes?|application)"
              + "|\\binvalid_client|\\binvalid_scope|insufficient[ _]scope|\\bscopes?\\b"
              + "|live credentials|test credentials"
              + "|(application|app|client|user|account)(_id)?\\b.{0,30}"
              + "\\b(blocked|disabled|suspended|deactivated|inactive|banned)"
              + "|(blocked|disabled|suspended|deactivated|inactive|banned)[ _]"
              + "(application|app|client|user|account)\\b");

  /** Each is about a resource that is another account's. */
  private static final Pattern ABOUT_ANOTHERS =
      Pattern.compile(
          "invalid[ _]caller|not valid for caller"
              + "|caller\\b.{0,30}\\b(not|un)[ ]?(authorized|allowed)"
              + "|\\buser_not_allowed|not (authorized|allowed) to (access|see|read|view) this"
              + "|(belongs? to|of) (another|other|a different) (seller|user|account|collector)"
              + "|does(n't| not) belong");

  private static final Pattern NOT_FOUND =
      Pattern.compile("not[ _]?found|does(n't| not) exist|non[ -]?existent|no existe");

  /** An id, a date or a parameter that MercadoPago does not take. */
  private static final Pattern ABOUT_A_PARAMETER =
      Pattern.compile(
          "invalid[ _](search[ _]|path[ _])?"
              + "(id|param|payment|order|merchant|date|sort|criteria|range|limit|offset)"
              + "|params? error|number of rows|must be (a number|numeric|an integer)"
              + "|\\bid\\b.{0,30}\\b(invalid|not valid|numeric|number)");

  /** Its codes for parameters of a look-up or a search (OpenAPI document). */
  private static final Set<String> PARAMETER_CODES = Set.of("1", "1000", "1001", "1003", "1004");

  /** Its codes for a resource that is not the caller's. */
  private static final Set<String> CALLER_CODES = Set.of("4", "3002");

  private static final String TOKEN_FOR_TEST = "3";
  private static final String PAYMENT_NOT_FOUND = "2000";

  private MercadoPagoRefusals() {}

  private static RefusalRules.About refusedSearch(RemoteAnswer refusal) {
    return refusal.objectOrNull() == null
        ? RefusalRules.About.NEITHER
        : RefusalRules.About.THIS_ONE;
  }

  private static RefusalRules.About about(RemoteAnswer refusal, boolean created) {
    JsonNode json = refusal.objectOrNull();
    if (json == null) {
      return withoutWords(refusal);
    }
    String words = refusal.words();
    Set<String> codes = codes(json);
    int status = refusal.status();
    if (status == 401 || ABOUT_US.matcher(words).find()) {
      return RefusalRules.About.US;
    }
    if (status == 400 && codes.contains(TOKEN_FOR_TEST) && !created) {
      return RefusalRules.About.US;
    }
    boolean isAboutThisOne =
        switch (status) {
          case 403 -> matches(codes, CALLER_CODES) || ABOUT_ANOTHERS.matcher(words).find();
          case 404 -> codes.contains(PAYMENT_NOT_FOUND) || NOT_FOUND.matcher(words).find();
          case 400, 422 ->
              matches(codes, PARAMETER_CODES)
                  || ABOUT_A_PARAMETER.matcher(words).find()
                  || ABOUT_ANOTHERS.matcher(words).find()
                  || NOT_FOUND.matcher(words).find();
          default -> false;
        };
    return isAboutThisOne || (created && status != 403 && isOwnShape(json))
        ? RefusalRules.About.THIS_ONE
        : RefusalRules.About.NEITHER;
  }

  /** A status alone: only these two say enough, unless a page came with them. */
  private static RefusalRules.About withoutWords(RemoteAnswer refusal) {
    if (!refusal.isEmpty()) {
      return RefusalRules.About.NEITHER;
    }
    return switch (refusal.status()) {
      case 401 -> RefusalRules.About.US;
      case 404 -> RefusalRules.About.THIS_ONE;
      default -> RefusalRules.About.NEITHER;
    };
  }

  private static boolean matches(Set<String> codes, Set<String> any) {
    return codes.stream().anyMatch(any::contains);
  }

  private static boolean isOwnShape(JsonNode json) {
    boolean hasReason = json.hasNonNull("error") || json.has("cause");
    return json.has("errors") || (hasReason && json.hasNonNull("message"));
  }

  private static Set<String> codes(JsonNode json) {
    Set<String> codes = new HashSet<>();
    codes.add(json.path("code").asText());
    codes.add(json.path("cause").path("code").asText());
    for (JsonNode cause : json.path("cause")) {
      codes.add(cause.path("code").asText());
    }
    return codes;
  }
}
