package dev.acuse.sandbox.gohighlevel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Http;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.ManualClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxGoHighLevelTest {
  private final ManualClock clock = ManualClock.create();
  private Sandbox sandbox;
  private SandboxGoHighLevel crm;
  private String token;
  private Http http;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(clock));
    crm = sandbox.goHighLevel();
    token = "Bearer " + sandbox.options().credentials().goHighLevelToken();
    http = new Http(sandbox.goHighLevelUrl(), "Authorization", token, "Version", "2021-07-28");
    crm.addContact("C1", "Buyer+1@Example.test");
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void tagsAreAddedInLowerCaseAndOnlyOnce() throws Exception {
    HttpResponse<String> first = http.post("/contacts/C1/tags", "{\"tags\": [\"Paid\", \" vip\"]}");
    HttpResponse<String> again = http.post("/contacts/C1/tags", "{\"tags\": [\"paid\"]}");

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(texts(Http.json(first).path("tagsAdded"))).containsExactly("paid", "vip");
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(Http.json(again).path("tagsAdded")).isEmpty();
    assertThat(texts(Http.json(again).path("tags"))).containsExactly("paid", "vip");
    assertThat(Http.json(again).path("traceId").isTextual()).isTrue();
    assertThat(crm.tagsOf("C1")).containsExactly("paid", "vip");
    assertThat(crm.tagCalls("C1"))
        .extracting(TagCall::changed)
        .containsExactly(List.of("paid", "vip"), List.of());
  }

  @Test
  void tagsAreRemovedByADeleteWithABody() throws Exception {
    http.post("/contacts/C1/tags", "{\"tags\": [\"paid\", \"vip\"]}");

    HttpResponse<String> answer =
        http.call("DELETE", "/contacts/C1/tags", "{\"tags\": [\"Paid\", \"never\"]}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(texts(Http.json(answer).path("tagsRemoved"))).containsExactly("paid");
    assertThat(crm.tagsOf("C1")).containsExactly("vip");
  }

  @Test
  void anUnknownContactIsA400ThatNamesIt() throws Exception {
    HttpResponse<String> answer = http.post("/contacts/nobody/tags", "{\"tags\": [\"paid\"]}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Http.json(answer).path("message").textValue())
        .isEqualTo("Contact not found for id:nobody");
    assertThat(http.get("/contacts/nobody").statusCode()).isEqualTo(400);
    assertThat(crm.tagCalls()).isEmpty();
  }

  @Test
  void anUnknownContactComesIntoBeingIfToldSo() throws Exception {
    crm.createUnknownContacts(true);

    assertThat(http.post("/contacts/new/tags", "{\"tags\": [\"paid\"]}").statusCode())
        .isEqualTo(201);
    assertThat(crm.tagsOf("new")).containsExactly("paid");
  }

  @Test
  void aContactOfAnotherLocationIsForbidden() throws Exception {
    crm.addContactOfLocation("C2", "elsewhere");

    assertThat(http.post("/contacts/C2/tags", "{\"tags\": [\"paid\"]}").statusCode())
        .isEqualTo(403);
    assertThat(crm.tagsOf("C2")).isEmpty();
  }

  @Test
  void wrongCredentialsAreTheSameShapeOf401() throws Exception {
    Http withoutToken = new Http(sandbox.goHighLevelUrl(), "Version", "2021-07-28");
    Http withoutVersion = new Http(sandbox.goHighLevelUrl(), "Authorization", token);
    Http wrong =
        new Http(sandbox.goHighLevelUrl(), "Authorization", "Bearer x", "Version", "2021-07-28");

    for (Http caller : List.of(withoutToken, withoutVersion, wrong)) {
      HttpResponse<String> answer = caller.get("/contacts/C1");
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(Http.json(answer).path("statusCode").intValue()).isEqualTo(401);
      assertThat(Http.json(answer).path("error").textValue()).isEqualTo("Unauthorized");
    }
    assertThat(withoutVersion.json("/contacts/C1").path("message").textValue())
        .isEqualTo("version header was not found");
    assertThat(wrong.json("/contacts/C1").path("message").textValue())
        .isEqualTo("Invalid token: access token is invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"tags\": \"paid\"}", "{\"tags\": [1]}"})
  void aBodyWithoutTagsIs422WithAListOfMessages(String body) throws Exception {
    HttpResponse<String> answer = http.post("/contacts/C1/tags", body);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(Http.json(answer).path("message").isArray()).isTrue();
  }

  @Test
  void aBodyThatIsNotJsonIs400() throws Exception {
    assertThat(http.post("/contacts/C1/tags", "tags=paid").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"buyer%2B1@example.test, C1", "buyer1@example.test, ", "buyer%2B1@example.tes, "})
  void aContactIsFoundByItsExactAddressWithThePlusEncoded(String email, String id)
      throws Exception {
    String location = sandbox.options().credentials().locationId();

    JsonNode found =
        http.json("/contacts/search/duplicate?locationId=" + location + "&email=" + email);

    assertThat(found.has("contact")).isTrue();
    assertThat(found.path("contact").path("id").textValue()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"buyer+1@example.test", "buyer%2B1@example", "a@b.test,%20c@d.test"})
  void anAddressThatIsNoneIs422(String email) throws Exception {
    String location = sandbox.options().credentials().locationId();

    assertThat(
            http.get("/contacts/search/duplicate?locationId=" + location + "&email=" + email)
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void searchingAnotherLocationIsForbidden() throws Exception {
    assertThat(
            http.get("/contacts/search/duplicate?locationId=elsewhere&email=a@b.test").statusCode())
        .isEqualTo(403);
  }

  @Test
  void aContactIsReadWithItsTags() throws Exception {
    http.post("/contacts/C1/tags", "{\"tags\": [\"paid\"]}");

    JsonNode contact = http.json("/contacts/C1").path("contact");

    assertThat(contact.path("emailLowerCase").textValue()).isEqualTo("buyer+1@example.test");
    assertThat(texts(contact.path("tags"))).containsExactly("paid");
  }

  @Test
  void everyAnswerSaysWhatIsLeftOfTheLimit() throws Exception {
    http.get("/contacts/C1");

    HttpResponse<String> answer = http.get("/contacts/nobody");

    assertThat(answer.headers().firstValue("X-RateLimit-Max")).hasValue("100");
    assertThat(answer.headers().firstValue("X-RateLimit-Remaining")).hasValue("98");
    assertThat(answer.headers().firstValue("X-RateLimit-Interval-Milliseconds")).hasValue("10000");
    assertThat(answer.headers().firstValue("X-RateLimit-Daily-Remaining")).hasValue("199998");
  }

  @Test
  void theLimitIsHeldOnlyIfEnforcedAndEndsWithItsInterval() throws Exception {
    crm.enforceRateLimit(true);
    for (int i = 0; i < 100; i++) {
      assertThat(http.get("/contacts/C1").statusCode()).isEqualTo(200);
    }

    HttpResponse<String> refused = http.get("/contacts/C1");
    clock.advance(Duration.ofSeconds(10));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("X-RateLimit-Remaining")).hasValue("0");
    assertThat(http.get("/contacts/C1").statusCode()).isEqualTo(200);
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }
}
