package dev.acuse.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaymentConfigurationTest {

  @Test
  void theDefaultsTagWhatIsApproved() throws Exception {
    PaymentConfiguration configuration = read("{}");

    assertThat(configuration.tagRules().tagsFor("approved")).containsExactly("pago_confirmado");
    assertThat(configuration.findContactByEmail()).isFalse();
    assertThat(configuration.namesTagClaim()).isFalse();
  }

  @Test
  void everythingCanBeSet() throws Exception {
    PaymentConfiguration configuration =
        read("{tags: {refunded: [Reembolsado]}, findContactByEmail: true, tagClaim: 1m}");

    assertThat(configuration.tagRules().tagsFor("approved")).isEmpty();
    assertThat(configuration.tagRules().tagsFor("refunded")).containsExactly("reembolsado");
    assertThat(configuration.findContactByEmail()).isTrue();
    assertThat(configuration.namesTagClaim()).as("of a version before").isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tags[approved]      | {tags: {approved: [' ']}}",
        "tags[approved]      | {tags: {approved: ~}}",
        "tags[approved]      | {tags: {approved: [\"a\\nb\"]}}",
        "tags                | {tags: {' ': [a]}}",
        "tags                | {tags: ~}",
        "tags names a status | {tags: {approved: [a], Approved: [b]}}"
      })
  void aWrongValueStopsTheStartAndIsNamed(String inMessage, String yaml) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(ConfigurationValidationException.class)
        .hasMessageContaining(inMessage);
  }

  private static PaymentConfiguration read(String yaml) throws Exception {
    return new YamlConfigurationFactory<>(
            PaymentConfiguration.class, Validators.newValidator(), Jackson.newObjectMapper(), "dw")
        .build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test.yml");
  }
}
