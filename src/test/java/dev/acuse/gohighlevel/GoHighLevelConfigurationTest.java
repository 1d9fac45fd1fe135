package dev.acuse.gohighlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.util.Duration;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoHighLevelConfigurationTest {
  private static final ObjectMapper JSON = Jackson.newObjectMapper();

  @Test
  void everyKeyIsReadFromYaml() throws Exception {
    GoHighLevelConfiguration configuration =
        read(
            """
            baseUrl: http://localhost:9091/
            token: pit-secret
            locationId: location-1
            apiVersion: v3
            requestsPer10Seconds: 20
            timeout: 3s
            """);

    assertThat(configuration.baseUrl()).isEqualTo("http://localhost:9091");
    assertThat(configuration.token().reveal()).isEqualTo("pit-secret");
    assertThat(configuration.locationId()).isEqualTo("location-1");
    assertThat(configuration.apiVersion()).isEqualTo("v3");
    assertThat(configuration.requestsPer10Seconds()).isEqualTo(20);
    assertThat(configuration.timeout()).isEqualTo(Duration.seconds(3));
  }

  @Test
  void emptyValuesAreAsGoodAsAbsentOnes() throws Exception {
    GoHighLevelConfiguration configuration = read("token:\nlocationId: ''\nbaseUrl: ''\n");

    assertThat(configuration.token().isSet()).isFalse();
    assertThat(configuration.locationId()).isNull();
    assertThat(configuration.baseUrl()).isEqualTo("https://services.leadconnectorhq.com");
    assertThat(configuration.apiVersion()).isEqualTo("2021-07-28");
    assertThat(configuration.requestsPer10Seconds()).isEqualTo(80);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requestsPer10Seconds: 100",
        "requestsPer10Seconds: 0",
        "token: 'pit secret'",
        "locationId: a/b",
        "baseUrl: services.leadconnectorhq.com",
        "apiVersion: ''",
      })
  void wrongValueIsRefusedByItsKeyAndNotRepeated(String yaml) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(yaml))
        .withMessageContaining(yaml.substring(0, yaml.indexOf(':')))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }

  @Test
  void tokenIsNeitherPrintedNorSerialized() throws Exception {
    GoHighLevelConfiguration configuration = read("token: pit-secret\n");

    assertThat(configuration.toString()).contains("[REDACTED]").doesNotContain("pit-secret");
    assertThat(JSON.writeValueAsString(configuration)).doesNotContain("pit-secret");
  }

  @Test
  void aSectionGivenInPartKeepsTheOtherDefaults() throws Exception {
    assertThat(read("{}")).isEqualTo(GoHighLevelConfiguration.defaults());
    assertThat(read("timeout: 10s")).isEqualTo(GoHighLevelConfiguration.defaults());
  }

  private static GoHighLevelConfiguration read(String yaml) throws Exception {
    return new YamlConfigurationFactory<>(
            GoHighLevelConfiguration.class, Validators.newValidator(), JSON, "dw")
        .build(
            path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "config.yml");
  }
}
