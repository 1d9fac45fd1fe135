package dev.acuse.payment;

import dev.acuse.payment.state.CurrencyDecimals;
import dev.acuse.payment.state.FittedSnapshot;
import dev.acuse.text.ExternalId;
import dev.acuse.text.Text;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a checkout must be like to be registered. Pure. */
final class CheckoutRules {
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s.]+(\\.[^@\\s.]+)+");
  private static final int MAX_EMAIL_LENGTH = 254;
  private static final int MAX_TEXT_LENGTH = 256;

  private CheckoutRules() {}

  /**
   * Checks every field, null ones too, since a request comes from outside.
   *
   * @throws InvalidCheckoutException naming every field that is wrong
   */
  static void check(CheckoutRequest request) {
    Map<String, String> problems = new LinkedHashMap<>();
    text(problems, "external_reference", request.externalReference());
    if (!ExternalId.matches(request.contactId())) {
      problems.put("contact_id", "must match " + ExternalId.FORM);
    }
    amount(problems, request.amount(), request.currency());
    currency(problems, request.currency());
    text(problems, "title", request.title());
    email(problems, request.payerEmail());
    if (!problems.isEmpty()) {
      throw new InvalidCheckoutException(problems);
    }
  }

  private static void text(Map<String, String> problems, String field, @Nullable String text) {
    if (text == null || text.isBlank()) {
      problems.put(field, "must not be blank");
    } else if (text.length() > MAX_TEXT_LENGTH) {
      problems.put(field, "must not be longer than " + MAX_TEXT_LENGTH + " characters");
    } else if (!Text.isOneLine(text)) {
      problems.put(field, "must not hold control characters");
    }
  }

  /** MercadoPago rounds what the currency doesn't have, and then no payment would fit. */
  private static void amount(
      Map<String, String> problems, @Nullable BigDecimal amount, @Nullable String currency) {
    if (amount == null) {
      problems.put("amount", "must not be missing");
    } else if (amount.signum() <= 0) {
      problems.put("amount", "must be greater than 0");
    } else if (!FittedSnapshot.isMoney(amount)) {
      problems.put("amount", "must be less than 10^15 and have at most 4 decimals");
    } else if (currency != null) {
      decimals(problems, amount, currency);
    }
  }

  private static void decimals(Map<String, String> problems, BigDecimal amount, String currency) {
    int most = CurrencyDecimals.of(currency).orElse(FittedSnapshot.MONEY_SCALE);
    if (amount.stripTrailingZeros().scale() > most) {
      problems.put("amount", "must have at most " + most + " decimals, as " + currency + " has");
    }
  }

  private static void currency(Map<String, String> problems, @Nullable String currency) {
    if (currency == null || !CURRENCY.matcher(currency).matches()) {
      problems.put("currency", "must be a code of three capitals (ISO 4217)");
    } else if (CurrencyDecimals.of(currency).isEmpty()) {
      problems.put("currency", "must be a currency of ISO 4217");
    }
  }

  private static void email(Map<String, String> problems, @Nullable String email) {
    if (email == null) {
      return;
    }
    if (email.length() > MAX_EMAIL_LENGTH) {
      problems.put("payer_email", "must not be longer than " + MAX_EMAIL_LENGTH + " characters");
    } else if (!Text.isOneLine(email) || !EMAIL.matcher(email).matches()) {
      problems.put("payer_email", "must be an e-mail address");
    }
  }
}
