package dev.acuse.gohighlevel;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.remote.Guard;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.remote.SmoothRateLimit;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.ManualClock;
import dev.acuse.text.Secret;
import java.time.Duration;
import java.util.List;
import org.assertj.core.util.Throwables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class GoHighLevelCrmTest {
  private static final String TOKEN = "pit-00000000-0000-4000-8000-000000000001";
  private static final String CONTACT = "ocQHyuzHvysMo5N5VsXc";

  @RegisterExtension static final WireMockExtension API = WireMockExtension.newInstance().build();

  private GoHighLevelConfiguration configuration = GoHighLevelConfiguration.defaults();
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));

  @BeforeEach
  void configure() {
    configuration = configuration(TOKEN, "location-1");
  }

  private static GoHighLevelConfiguration configuration(String token, @Nullable String location) {
    return new GoHighLevelConfiguration(
        API.baseUrl(), Secret.of(token), location, null, null, null);
  }

  @AfterEach
  void closeClient() {
    http.close();
  }

  @Nested
  class AddingTags {
    @Test
    void tagIsSentInLowerCaseAndReportedAsNew() throws Exception {
      answer(
          okJson(
                  """
                  {"tags": ["lead", "pago_confirmado"], "tagsAdded": ["pago_confirmado"],
                   "traceId": "00000000-0000-4000-8000-000000000001"}
                  """)
              .withStatus(201));

      assertThat(crm().addTags(CONTACT, List.of(" Pago_Confirmado ", "pago_confirmado", " ")))
          .containsExactly("pago_confirmado");
      API.verify(
          postRequestedFor(urlEqualTo("/contacts/" + CONTACT + "/tags"))
              .withHeader("Authorization", equalTo("Bearer " + TOKEN))
              .withHeader("Version", equalTo("2021-07-28"))
              .withHeader("Content-Type", equalTo("application/json"))
              .withHeader("Accept", equalTo("application/json"))
              .withRequestBody(equalToJson("{\"tags\": [\"pago_confirmado\"]}")));
    }

    @Test
    void tagThatWasThereAlreadyIsNotNew() throws Exception {
      answer(okJson("{\"tags\": [\"Paid\", \"lead\"], \"tagsAdded\": []}"));

      assertThat(crm().addTags(CONTACT, List.of("paid"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"tags\": [\"lead\"], \"tagsAdded\": [\"paid\"]}",
          "{\"tags\": null}",
          "{\"tags\": \"paid\"}",
          "{}",
          "[]",
          "",
          "<html>ok</html>",
        })
    void answerThatDoesNotShowTheTagIsNotBelieved(String body) {
      answer(aResponse().withStatus(201).withBody(body));

      assertThatExceptionOfType(RemoteException.BadResponse.class)
          .isThrownBy(() -> crm().addTags(CONTACT, List.of("paid")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../users", "a/b", "", "a b", "%2e%2e", "a?b", "lookup\n"})
    void contactIdThatIsNoneIsNotAskedFor(String contactId) {
      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(() -> crm().addTags(contactId, List.of("paid")));
      assertThat(API.getAllServeEvents()).isEmpty();
    }

    @Test
    void noTagsAreNoCall() throws Exception {
      assertThat(crm().addTags(CONTACT, List.of(" "))).isEmpty();
      assertThat(API.getAllServeEvents()).isEmpty();
    }
  }

  @Nested
  class Failures {
    @ParameterizedTest
    @CsvSource({
      "400, '{\"message\":\"Contact not found for id:x\"}', Contact not found for id:x",
      "403, '{\"message\":\"The token does not have access to this location.\"}',"
          + " The token does not have access to this location.",
      "404, '{\"statusCode\":404,\"message\":\"Contact not found\"}', Contact not found",
      "422, '{\"message\":[\"tags must be an array\",\"b\"]}', tags must be an array; b",
    })
    void refusalIsRejectedWithGoHighLevelsWords(int status, String body, String words) {
      answer(aResponse().withStatus(status).withBody(body));

      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(() -> crm().addTags(CONTACT, List.of("paid")))
          .withMessage("GoHighLevel answered " + status + ": " + words)
          .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Invalid token: access token is invalid",
          "The token is not authorized for this scope.",
          "pit-00000000-0000-4000-8000-000000000001 is no good",
        })
    void refusedTokenIsUnauthorizedAndNotNamed(String message) {
      answer(aResponse().withStatus(401).withBody("{\"message\":\"" + message + "\"}"));

      var failure =
          catchThrowableOfType(
              RemoteException.Unauthorized.class, () -> crm().addTags(CONTACT, List.of("paid")));

      assertThat(failure.httpStatus()).isEqualTo(401);
      assertThat(Throwables.getStackTrace(failure)).doesNotContain(TOKEN);
    }

    @Test
    void contactOfAnotherLocationIsItsOwnFailureWhateverTheStatus() {
      answer(
          aResponse()
              .withStatus(401)
              .withBody("{\"message\":\"The token does not have access to this location.\"}"));

      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(() -> crm().addTags(CONTACT, List.of("paid")))
          .withMessageContaining("does not have access to this location");
    }

    @Test
    void withoutATokenNothingIsAsked() {
      configuration = configuration("", "location-1");

      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(() -> crm().addTags(CONTACT, List.of("paid")))
          .satisfies(e -> assertThat(e.httpStatus()).isNull());
      assertThat(API.getAllServeEvents()).isEmpty();
    }

    @Test
    void burstLimitIsWaitedForAndTheDaysLimitForLonger() {
      answer(aResponse().withStatus(429).withHeader("X-RateLimit-Daily-Remaining", "199000"));
      assertThat(unavailable().retryAfter()).isEqualTo(Duration.ofSeconds(10));

      answer(aResponse().withStatus(429).withHeader("X-RateLimit-Daily-Remaining", "0"));
      assertThat(unavailable().retryAfter()).isEqualTo(Duration.ofHours(1));

      answer(
          aResponse()
              .withStatus(429)
              .withHeader("X-RateLimit-Daily-Remaining", "0")
              .withHeader("Retry-After", "7"));
      assertThat(unavailable().retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503})
    void outageIsUnavailableEvenAsHtml(int status) {
      answer(aResponse().withStatus(status).withBody("<html>Bad gateway</html>"));

      assertThat(unavailable().httpStatus()).isEqualTo(status);
      assertThat(unavailable().retryAfter()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void faultOnTheWireNeverBecomesATag(Fault fault) {
      answer(aResponse().withFault(fault));

      var failure =
          catchThrowableOfType(
              RemoteException.class, () -> crm().addTags(CONTACT, List.of("paid")));

      assertThat(failure)
          .isInstanceOfAny(RemoteException.Unavailable.class, RemoteException.BadResponse.class);
      assertThat(Throwables.getStackTrace(failure)).doesNotContain(TOKEN);
    }

    @Test
    void redirectIsNotFollowed() {
      answer(aResponse().withStatus(307).withHeader("Location", API.url("/elsewhere")));

      assertThatExceptionOfType(RemoteException.BadResponse.class)
          .isThrownBy(() -> crm().addTags(CONTACT, List.of("paid")));
      API.verify(0, postRequestedFor(urlEqualTo("/elsewhere")));
    }

    private RemoteException.Unavailable unavailable() {
      return catchThrowableOfType(
          RemoteException.Unavailable.class, () -> crm().addTags(CONTACT, List.of("paid")));
    }
  }

  @Nested
  class FindingByEmail {
    @Test
    void contactWithThisAddressIsFoundWhateverItsCase() throws Exception {
      answer(okJson("{\"contact\": {\"id\": \"Abc1\", \"email\": \"Ana+X@example.test\"}}"));

      assertThat(crm().findContactByEmail(" ana+x@Example.test ")).contains("Abc1");
      API.verify(
          getRequestedFor(
                  urlEqualTo(
                      "/contacts/search/duplicate?locationId=location-1"
                          + "&email=ana%2Bx%40example.test"))
              .withHeader("Version", equalTo("2021-07-28")));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"contact\": null}",
          "{}",
          "{\"contact\": {\"id\": \"Abc1\"}}",
          "{\"contact\": {\"id\": \"Abc1\", \"email\": null}}",
          "{\"contact\": {\"id\": \"Abc1\", \"email\": \"other@example.test\"}}",
          "{\"contact\": {\"id\": \"../a\", \"email\": \"ana@example.test\"}}",
          "{\"contact\": {\"email\": \"ana@example.test\"}}",
        })
    void anythingElseIsNobody(String body) throws Exception {
      answer(okJson(body));

      assertThat(crm().findContactByEmail("ana@example.test")).isEmpty();
    }

    @Test
    void oddAddressIsSentAsItIs() throws Exception {
      answer(okJson("{\"contact\": null}"));

      assertThat(crm().findContactByEmail("{a}&b=%41@example.test")).isEmpty();
      API.verify(
          getRequestedFor(
              urlEqualTo(
                  "/contacts/search/duplicate?locationId=location-1"
                      + "&email=%7Ba%7D%26b%3D%2541%40example.test")));
    }

    @Test
    void withoutALocationOrAnAddressNothingIsAsked() throws Exception {
      configuration = configuration(TOKEN, null);

      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(() -> crm().findContactByEmail("ana@example.test"));
      assertThat(crm().findContactByEmail(" ")).isEmpty();
      assertThat(API.getAllServeEvents()).isEmpty();
    }

    @Test
    void addressIsInNoMessage() {
      answer(aResponse().withStatus(400).withBody("{\"message\": \"bad ana@example.test\"}"));

      var failure =
          catchThrowableOfType(
              RemoteException.class, () -> crm().findContactByEmail("ana@example.test"));

      assertThat(Throwables.getStackTrace(failure)).doesNotContain("ana@");
    }
  }

  @Nested
  class BehindItsBreaker {
    private final RemoteSystem system =
        new RemoteSystem(
            GoHighLevelCrm.NAME,
            RemoteSystem.Scope.WAITING_EVENTS,
            new DispatchConfiguration().breakerFailures(),
            new DispatchConfiguration().probeEvery(),
            ManualClock.create());

    @Test
    void refusedTokenHoldsEveryCallBack() {
      answer(aResponse().withStatus(401).withBody("{\"message\":\"Invalid token\"}"));

      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(() -> crm(system).addTags(CONTACT, List.of("paid")));

      assertThatExceptionOfType(RemoteException.BreakerOpen.class)
          .isThrownBy(() -> crm(system).findContactByEmail("ana@example.test"));
      assertThat(API.getAllServeEvents()).hasSize(1);
    }

    @Test
    void contactOfAnotherLocationHoldsNoOtherBack() {
      answer(
          aResponse()
              .withStatus(401)
              .withBody("{\"message\":\"The token does not have access to this location.\"}"));

      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(() -> crm(system).addTags(CONTACT, List.of("paid")));

      assertThat(system.isUp()).isTrue();
      assertThat(system.isTokenRefused()).isFalse();
    }

    @Test
    void usedUpRateSaysNothingAgainstGoHighLevel() throws Exception {
      answer(okJson("{\"contact\": null}"));
      GoHighLevelCrm crm = crm(system.then(new SmoothRateLimit(1)));
      assertThat(crm.findContactByEmail("ana@example.test")).isEmpty();

      for (int i = 0; i < 20; i++) {
        assertThatExceptionOfType(RemoteException.Throttled.class)
            .isThrownBy(() -> crm.findContactByEmail("ana@example.test"));
      }

      assertThat(system.isUp()).isTrue();
      assertThat(API.getAllServeEvents()).hasSize(1);
    }
  }

  private GoHighLevelCrm crm() {
    return crm(new SmoothRateLimit(configuration.requestsPer10Seconds()));
  }

  private GoHighLevelCrm crm(Guard guard) {
    return new GoHighLevelCrm(
        new GoHighLevelClient(http.client(), configuration, ManualClock.create(), guard));
  }

  private static void answer(ResponseDefinitionBuilder response) {
    API.stubFor(any(anyUrl()).willReturn(response));
  }
}
