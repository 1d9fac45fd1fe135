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
import dev.acuse.remote.PacedRate;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteSystem;
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
          "{\"tags\": null}",
          "{\"tags\": \"paid\"}",
          "{}",
          "[]",
          "",
          "<html>ok</html>",
        })
    void answerThatIsNoneOfGoHighLevelsIsNotBelieved(String body) {
      answer(aResponse().withStatus(201).withBody(body));

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(() -> crm().addTags(CONTACT, List.of("paid")));
    }

    @Test
    void answerThatDoesNotShowTheTagIsNotBelieved() {
      answer(okJson("{\"tags\": [\"lead\"], \"tagsAdded\": [\"paid\"]}").withStatus(201));

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
      "400, '{\"statusCode\":400,\"message\":\"new words\"}', new words",
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

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            401 | {"message":"Invalid JWT"}
            401 | {"statusCode":401,"message":"Token's user type mismatch!"}
            401 | ''
            400 | {"message":"version header was not found"}
            403 | {"statusCode":403,"message":"You do not have permission to access this resource","error":"Forbidden"}
            403 | {"message":"The token is not authorized for this scope."}
            403 | {"message":"This app is suspended"}
            """)
    void refusalOfUsIsUnauthorized(int status, String body) {
      answer(aResponse().withStatus(status).withBody(body));

      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(() -> crm().addTags(CONTACT, List.of("paid")));
      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(() -> crm().findContactByEmail("ana@example.test"));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            200 | <html>Log in</html>
            201 | {"login":"required"}
            200 | ''
            302 | ''
            400 | <html></html>
            400 | {"message":"Bad Request"}
            401 | <html>Proxy</html>
            403 | <html>Attention Required! Cloudflare</html>
            403 | {"message":"Forbidden"}
            404 | <html>nginx</html>
            404 | {"message":"Cannot POST /contacts"}
            407 | ''
            422 | <html></html>
            451 | <html></html>
            """)
    void whatIsNotUnderstoodIsAboutNeither(int status, String body) {
      answer(aResponse().withStatus(status).withBody(body));

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(() -> crm().addTags(CONTACT, List.of("paid")));
    }

    @Test
    void contactsOfAnotherLocationInARowSaySomethingAboutUs() {
      answer(
          aResponse()
              .withStatus(403)
              .withBody("{\"message\":\"The token does not have access to this location.\"}"));
      GoHighLevelCrm crm = crm();

      for (String contact : List.of("a", "a", "a", "b")) {
        assertThatExceptionOfType(RemoteException.Rejected.class)
            .isThrownBy(() -> crm.addTags(contact, List.of("paid")));
      }
      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(() -> crm.addTags("c", List.of("paid")))
          .withMessageContaining("is the token of the right sub-account?");
    }

    @Test
    void withoutATokenNothingIsAsked() {
      configuration = configuration("", "location-1");

      assertThatExceptionOfType(RemoteException.NotSetUp.class)
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
          .isInstanceOfAny(RemoteException.Unavailable.class, RemoteException.NotUnderstood.class);
      assertThat(Throwables.getStackTrace(failure)).doesNotContain(TOKEN);
    }

    @Test
    void redirectIsNotFollowed() {
      answer(aResponse().withStatus(307).withHeader("Location", API.url("/elsewhere")));

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
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

    @ParameterizedTest
    @ValueSource(
        strings = {
          "[\"Ana@Example.test\"]",
          "[null, \"x@example.test\", \" ana@example.test\"]",
          "[{\"email\": \"ANA@example.test\", \"validEmailDate\": null}]",
        })
    void contactIsFoundByAFurtherAddress(String further) throws Exception {
      answer(
          okJson(
              "{\"contact\": {\"id\": \"Abc1\", \"email\": \"first@example.test\","
                  + " \"additionalEmails\": "
                  + further
                  + "}}"));

      assertThat(crm().findContactByEmail("ana@example.test")).contains("Abc1");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            422 | {"statusCode":422,"message":["email must be an email"],"error":"Unprocessable Entity"}
            422 | {"statusCode":422,"message":"what is that"}
            400 | {"statusCode":400,"message":"Invalid email"}
            404 | {"statusCode":404,"message":"Contact not found"}
            """)
    void addressThatTheSearchRefusesIsNobodys(int status, String body) throws Exception {
      answer(aResponse().withStatus(status).withBody(body));

      assertThat(crm().findContactByEmail("odd@example.test")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            403 | {"message":"The token does not have access to this location."} | Unauthorized
            422 | {"message":["locationId should not be empty"]} | Unauthorized
            422 | <html></html> | NotUnderstood
            404 | <html></html> | NotUnderstood
            200 | {"error":"log in"} | NotUnderstood
            403 | {"message":"Forbidden"} | NotUnderstood
            """)
    void anyOtherRefusalOfTheSearchIsNotTakenForNobody(int status, String body, String kind) {
      answer(aResponse().withStatus(status).withBody(body));

      var failure =
          catchThrowableOfType(
              RemoteException.class, () -> crm().findContactByEmail("ana@example.test"));

      assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "juan@gmail",
          "XXXXXXXXXXX",
          "a@b.c, d@e.f",
          "a@b.c",
          "a b@c.de",
          "a@@c.de",
          "@c.de",
          "a@",
          "a@c..de",
          "a@.c.de",
          "a@c.de.",
          "a@-c.de",
          "a@c-.de",
          ".a@c.de",
          "a.@c.de",
          "a..b@c.de",
          "Ana <a@c.de>",
          "a@c.de;b@c.de",
          "a@1.2.3.4",
          "a@[1.2.3.4]",
          "mailto:a@c.de",
          "a@c_d.de",
          "\"a\"@c.de",
          "a(b)@c.de",
          "a,b@c.de",
          "a@c.d3",
          "n/a",
          "***@c.de\u0000"
        })
    void whatCannotBeAnAddressIsNotSearchedFor(String text) throws Exception {
      assertThat(crm().findContactByEmail(text)).isEmpty();
      assertThat(crm().findContactByEmail("a".repeat(65) + "@c.de")).isEmpty();
      assertThat(crm().findContactByEmail("a@" + "c.".repeat(150) + "de")).isEmpty();
      assertThat(API.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "a@b.co",
          "o'neil+x@sub.example.test",
          "josé@ejemplo.com",
          "a@ñandú.com.ar",
          "1@2.com",
          "a_b-c=d@e-f.museum",
          "a@b.xn--p1ai",
          "test_user_1@testuser.com"
        })
    void whatCanBeAnAddressIsSearchedFor(String text) throws Exception {
      answer(okJson("{\"contact\": {\"id\": \"Abc1\", \"email\": \"" + text + "\"}}"));

      assertThat(crm().findContactByEmail(text)).contains("Abc1");
    }

    @Test
    void withoutALocationOrAnAddressNothingIsAsked() throws Exception {
      configuration = configuration(TOKEN, null);

      assertThatExceptionOfType(RemoteException.NotSetUp.class)
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
            new DispatchConfiguration().breakerFailures(),
            new DispatchConfiguration().probeEvery(),
            ManualClock.create());

    @Test
    void refusedTokenHoldsEveryCallBack() {
      answer(aResponse().withStatus(401).withBody("{\"message\":\"Invalid token\"}"));

      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(() -> crm(system.lane("crm:1")).addTags(CONTACT, List.of("paid")));

      assertThatExceptionOfType(RemoteException.BreakerOpen.class)
          .isThrownBy(() -> crm(system.lane("crm:1")).findContactByEmail("ana@example.test"));
      assertThat(API.getAllServeEvents()).hasSize(1);
    }

    @Test
    void contactOfAnotherLocationHoldsNoOtherBack() {
      answer(
          aResponse()
              .withStatus(401)
              .withBody("{\"message\":\"The token does not have access to this location.\"}"));

      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(() -> crm(system.lane("crm:1")).addTags(CONTACT, List.of("paid")));

      assertThat(system.isUp()).isTrue();
      assertThat(system.state()).isEqualTo(RemoteSystem.State.UP);
    }

    @Test
    void usedUpRateSaysNothingAgainstGoHighLevel() throws Exception {
      answer(okJson("{\"contact\": null}"));
      GoHighLevelCrm crm = crm(system.lane("crm:1").then(rate(1)));
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
    return crm(rate(configuration.requestsPer10Seconds()).patient());
  }

  private static PacedRate rate(int requestsPer10Seconds) {
    return new PacedRate("GoHighLevel", requestsPer10Seconds, 200_000, () -> 1, System::nanoTime);
  }

  private GoHighLevelCrm crm(Guard guard) {
    return new GoHighLevelCrm(
        new GoHighLevelClient(http.client(), configuration, ManualClock.create(), guard));
  }

  private static void answer(ResponseDefinitionBuilder response) {
    API.stubFor(any(anyUrl()).willReturn(response));
  }
}
