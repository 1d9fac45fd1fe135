package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.dropwizard.jackson.Jackson;
import org.junit.jupiter.api.Test;

class SettingsFingerprintTest {
  @Test
  void theSameSettingsHaveTheSameAndNothingOfThemIsInIt() throws Exception {
    String one = of("APP_USR-7", "secret-a,secret-b", "loc", "pit-1");

    assertThat(of("APP_USR-7", "secret-a,secret-b", "loc", "pit-1")).isEqualTo(one);
    assertThat(one).matches("[0-9a-f]{16}");
  }

  @Test
  void whateverDiffersMakesAnother() throws Exception {
    assertThat(
            new String[] {
              of("APP_USR-7", "a", "loc", "pit-1"),
              of("APP_USR-8", "a", "loc", "pit-1"),
              of("APP_USR-7", "b", "loc", "pit-1"),
              of("APP_USR-7", "a,b", "loc", "pit-1"),
              of("APP_USR-7", "a", "loc2", "pit-1"),
              of("APP_USR-7", "a", "loc", "pit-2"),
              of("APP_USR-7a", "", "loc", "pit-1"),
              of("", "", "", "")
            })
        .doesNotHaveDuplicates();
  }

  private static String of(String token, String secrets, String location, String crmToken)
      throws JsonProcessingException {
    return SettingsFingerprint.of(
        Jackson.newObjectMapper()
            .readValue(
                """
                {"mercadoPago": {"accessToken": "%s", "webhookSecrets": "%s"},
                 "goHighLevel": {"token": "%s", "locationId": "%s"}}
                """
                    .formatted(token, secrets, crmToken, location),
                AcuseConfiguration.class));
  }
}
