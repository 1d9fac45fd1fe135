package dev.acuse.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ApiConfigurationTest {
  private static final String TOKEN = "s3cr3t-canary";

  private final ObjectMapper mapper = Jackson.newObjectMapper();

  @Test
  void theTokenIsReadAndShownNowhere() throws Exception {
    ApiConfiguration configuration = read("token: " + TOKEN);
    assertThat(configuration.token().reveal()).isEqualTo(TOKEN);
    assertThat(configuration).hasToString("ApiConfiguration[token=[REDACTED]]");
    assertThat(mapper.writeValueAsString(configuration)).doesNotContain(TOKEN);
  }

  @Test
  void aBlankTokenIsNone() throws Exception {
    assertThat(read("token: \" \"").token().isSet()).isFalse();
    assertThat(read("token: null").token().isSet()).isFalse();
    assertThat(read("{}").token().isSet()).isFalse();
    assertThat(new ApiConfiguration(null)).hasToString("ApiConfiguration[token=none]");
  }

  @Test
  void aTokenThatNoHeaderCanCarryIsRefusedByNameAndNotShown() {
    assertThatThrownBy(() -> read("token: \"s3cr3t-canary ñ\""))
        .isInstanceOf(ConfigurationValidationException.class)
        .hasMessageContaining("token may hold only")
        .hasMessageNotContaining("canary");
  }

  private ApiConfiguration read(String yaml) throws Exception {
    return new YamlConfigurationFactory<>(
            ApiConfiguration.class, Validators.newValidator(), mapper, "test")
        .build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test.yml");
  }
}
