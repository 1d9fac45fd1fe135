package dev.acuse.mercadopago;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.mercadopago.MercadoPagoConfiguration.Ipn;
import dev.acuse.text.Secret;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.util.Duration;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MercadoPagoConfigurationTest {
  private static final ObjectMapper JSON = Jackson.newObjectMapper();

  @Test
  void everyKeyIsReadFromYaml() throws Exception {
    MercadoPagoConfiguration configuration =
        read(
            """
            baseUrl: http://localhost:9090/
            accessToken: " APP_USR-secret "
            webhookSecrets: new-secret, old-secret ,
            signatureTolerance: 5m
            ipn: ignore
            collectorId: 448800001
            notificationUrl: https://acuse.example.test/webhooks/mp
            timeout: 3s
            """);

    assertThat(configuration.baseUrl()).isEqualTo("http://localhost:9090");
    assertThat(configuration.accessToken().reveal()).isEqualTo("APP_USR-secret");
    assertThat(configuration.credentials().webhookSecrets())
        .containsExactly(Secret.of("new-secret"), Secret.of("old-secret"));
    assertThat(configuration.signatureTolerance()).isEqualTo(Duration.minutes(5));
    assertThat(configuration.ipn()).isEqualTo(Ipn.IGNORE);
    assertThat(configuration.collectorId()).isEqualTo("448800001");
    assertThat(configuration.notificationUrl()).isEqualTo("https://acuse.example.test/webhooks/mp");
    assertThat(configuration.timeout()).isEqualTo(Duration.seconds(3));
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.test/webhooks/mp, https://a.test/webhooks/mp/dos",
    "https://a.test/webhooks/mp/, https://a.test/webhooks/mp/dos",
    "https://a.test/webhooks/mp?x=1, https://a.test/webhooks/mp/dos?x=1"
  })
  void anAccountsAddressIsBelowOurs(String ours, String its) throws Exception {
    assertThat(read("notificationUrl: " + ours).notificationUrl("dos")).isEqualTo(its);
    assertThat(read("{}").notificationUrl("dos")).isNull();
  }

  @Test
  void emptyValuesAreAsGoodAsAbsentOnes() throws Exception {
    MercadoPagoConfiguration configuration =
        read(
            "accessToken:\nwebhookSecrets: ''\ncollectorId: ''\nnotificationUrl:\nipn: hint\nbaseUrl:\n");

    assertThat(configuration.baseUrl()).isEqualTo("https://api.mercadopago.com");
    assertThat(configuration.accessToken().isSet()).isFalse();
    assertThat(configuration.credentials().webhookSecrets()).isEmpty();
    assertThat(configuration.collectorId()).isNull();
    assertThat(configuration.notificationUrl()).isNull();
    assertThat(configuration.ipn()).isEqualTo(Ipn.HINT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "baseUrl: ftp://x",
        "baseUrl: https://user:password@x",
        "accessToken: 'APP secret'",
        "collectorId: abc",
        "notificationUrl: localhost",
        "timeout: 10m",
        "ipn: trust",
      })
  void wrongValueIsRefusedByItsKeyAndNotRepeated(String yaml) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(yaml))
        .withMessageContaining(yaml.substring(0, yaml.indexOf(':')))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret", "password"));
  }

  @Test
  void secretsAreNeitherPrintedNorSerialized() throws Exception {
    MercadoPagoConfiguration configuration =
        read("accessToken: APP_USR-secret\nwebhookSecrets: first-secret,second-secret\n");

    assertThat(configuration.toString())
        .contains("[REDACTED]")
        .doesNotContain("first-secret", "second-secret", "APP_USR");
    assertThat(JSON.writeValueAsString(configuration))
        .doesNotContain("APP_USR", "first-secret", "second-secret");
    assertThat(configuration.credentials().toString())
        .doesNotContain("APP_USR", "first-secret", "second-secret");
  }

  @Test
  void aSectionGivenInPartKeepsTheOtherDefaults() throws Exception {
    assertThat(read("{}")).isEqualTo(MercadoPagoConfiguration.defaults());
    assertThat(read("timeout: 10s")).isEqualTo(MercadoPagoConfiguration.defaults());
  }

  private static MercadoPagoConfiguration read(String yaml) throws Exception {
    return new YamlConfigurationFactory<>(
            MercadoPagoConfiguration.class, Validators.newValidator(), JSON, "dw")
        .build(
            path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "config.yml");
  }
}
