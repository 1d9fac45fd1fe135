package dev.acuse.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutRulesTest {
  private static final String LONGEST = "r".repeat(256);

  @ParameterizedTest
  @ValueSource(strings = {"0.01", "1500.50000", "999999999999999.99", "1E+3"})
  void anAmountOfMoneyIsFine(String amount) {
    assertThatCode(() -> CheckoutRules.check(withAmount(amount))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.01", "0.00001", "1E+15", "1E+400000", "1E-400000"})
  void anAmountThatNoColumnHoldsIsRefused(String amount) {
    assertThat(problems(withAmount(amount))).containsOnlyKeys("amount");
  }

  @ParameterizedTest
  @CsvSource({
    "99.999, ARS, 2",
    "200.7647, ARS, 2",
    "0.001, BRL, 2",
    "1500.50, CLP, 0",
    "1500.01, COP, 0",
    "0.1, PYG, 0",
    "1.0001, UYU, 2"
  })
  void anAmountThatItsCurrencyDoesNotHaveIsRefused(String amount, String currency, int decimals) {
    Map<String, String> problems = problems(withMoney(amount, currency));

    assertThat(problems)
        .containsExactly(
            Map.entry(
                "amount", "must have at most " + decimals + " decimals, as " + currency + " has"));
  }

  @ParameterizedTest
  @CsvSource({"1500, CLP", "1500.00, COP", "1E+3, PYG", "1500.50, UYU", "1.2345, CLF"})
  void anAmountThatItsCurrencyHasIsFine(String amount, String currency) {
    assertThatCode(() -> CheckoutRules.check(withMoney(amount, currency)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"AAA", "XAU", "XXX", "ars", ""})
  void whatIsNoCurrencyToPayWithIsRefused(String currency) {
    assertThat(problems(withMoney("10", currency))).containsOnlyKeys("currency");
  }

  @ParameterizedTest
  @ValueSource(strings = {"b@example.test", "a.b+c@x-y.example.test"})
  void aPlausibleAddressIsFine(String email) {
    assertThatCode(() -> CheckoutRules.check(withEmail(email))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "b", "b@", "@x.test", "b@x", "b@x.", "b@.test", "b c@x.test", "b@@x.test"})
  void anImplausibleAddressIsRefused(String email) {
    assertThat(problems(withEmail(email))).containsOnlyKeys("payer_email");
  }

  @Test
  void theLongestIsFineAndOneMoreIsNot() {
    assertThatCode(() -> CheckoutRules.check(withTexts(LONGEST, LONGEST)))
        .doesNotThrowAnyException();
    assertThat(problems(withTexts(LONGEST + "r", LONGEST + "r")))
        .containsOnlyKeys("external_reference", "title");
    assertThat(problems(withEmail("b".repeat(249) + "@x.test"))).containsOnlyKeys("payer_email");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "a\nb", "a\u007fb", "a\ud800b", " "})
  void textIsOneLineOfRealCharacters(String text) {
    assertThat(problems(withTexts(text, text))).containsOnlyKeys("external_reference", "title");
  }

  @Test
  @SuppressWarnings("NullAway") // a request is made of JSON, where anything may be missing
  void whatIsMissingIsNamed() {
    var empty = new CheckoutRequest(null, null, null, null, null, null);

    assertThat(problems(empty))
        .containsOnlyKeys("external_reference", "contact_id", "amount", "currency", "title");
    assertThat(
            catchThrowableOfType(InvalidCheckoutException.class, () -> CheckoutRules.check(empty)))
        .hasMessageStartingWith("external_reference must not be blank; contact_id must match");
  }

  private static Map<String, String> problems(CheckoutRequest request) {
    return catchThrowableOfType(InvalidCheckoutException.class, () -> CheckoutRules.check(request))
        .problems();
  }

  private static CheckoutRequest withAmount(String amount) {
    return withMoney(amount, "ARS");
  }

  private static CheckoutRequest withMoney(String amount, String currency) {
    return new CheckoutRequest("a1", "c1", new BigDecimal(amount), currency, "Consulta", null);
  }

  private static CheckoutRequest withEmail(@Nullable String email) {
    return new CheckoutRequest("a1", "c1", BigDecimal.ONE, "ARS", "Consulta", email);
  }

  private static CheckoutRequest withTexts(String externalReference, String title) {
    return new CheckoutRequest(externalReference, "c1", BigDecimal.ONE, "ARS", title, null);
  }
}
