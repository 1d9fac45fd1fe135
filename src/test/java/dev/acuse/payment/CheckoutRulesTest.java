package dev.acuse.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutRulesTest {
  private static final String LONGEST = "r".repeat(256);

  @ParameterizedTest
  @ValueSource(strings = {"0.0001", "1500.50000", "999999999999999.9999", "1E+3"})
  void anAmountOfMoneyIsFine(String amount) {
    assertThatCode(() -> CheckoutRules.check(withAmount(amount))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.01", "0.00001", "1E+15", "1E+400000", "1E-400000"})
  void anAmountThatNoColumnHoldsIsRefused(String amount) {
    assertThat(problems(withAmount(amount))).containsOnlyKeys("amount");
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
    return new CheckoutRequest("a1", "c1", new BigDecimal(amount), "ARS", "Consulta", null);
  }

  private static CheckoutRequest withEmail(@Nullable String email) {
    return new CheckoutRequest("a1", "c1", BigDecimal.ONE, "ARS", "Consulta", email);
  }

  private static CheckoutRequest withTexts(String externalReference, String title) {
    return new CheckoutRequest(externalReference, "c1", BigDecimal.ONE, "ARS", title, null);
  }
}
