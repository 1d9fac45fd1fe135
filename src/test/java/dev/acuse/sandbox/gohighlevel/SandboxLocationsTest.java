package dev.acuse.sandbox.gohighlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Http;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.http.SandboxRequest;
import dev.acuse.support.ManualClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxLocationsTest {
  private static final String PAID = "{\"tags\": [\"paid\"]}";

  private final ManualClock clock = ManualClock.create();
  private Sandbox sandbox;
  private SandboxGoHighLevel crm;
  private SandboxLocation first;
  private SandboxLocation second;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(clock));
    crm = sandbox.goHighLevel();
    first = crm.location("locA").token("pit-a");
    second = crm.location("locB").token("pit-b");
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void theFirstLocationStaysWhatItWas() throws Exception {
    SandboxLocation own = crm.location();

    assertThat(own.id()).isEqualTo(sandbox.options().credentials().locationId());
    assertThat(own.token()).isEqualTo(sandbox.options().credentials().goHighLevelToken());
    assertThat(crm.location("locA")).isSameAs(first);
    assertThat(crm.locations()).containsExactly(own, first, second);
    assertThat(crm.findLocation("locC")).isEmpty();
    JsonNode location = as(own.token()).json("/locations/" + own.id()).path("location");
    assertThat(location.path("name").textValue()).isEqualTo("Sandbox");
  }

  @Test
  void oneContactIdIsTwoContactsInTwoLocations() throws Exception {
    first.addContact("C1", "a@example.test");
    second.addContact("C1", "b@example.test");

    as("pit-a").post("/contacts/C1/tags", PAID);

    assertThat(first.tagsOf("C1")).containsExactly("paid");
    assertThat(second.tagsOf("C1")).isEmpty();
    assertThat(crm.tagsOf("C1")).isEmpty();
    assertThat(first.tagCalls("C1")).extracting(TagCall::locationId).containsExactly("locA");
    assertThat(second.tagCalls()).isEmpty();
    JsonNode contact = as("pit-b").json("/contacts/C1").path("contact");
    assertThat(contact.path("email").textValue()).isEqualTo("b@example.test");
    assertThat(contact.path("locationId").textValue()).isEqualTo("locB");
  }

  @Test
  void contactsAndLocationsOfAnotherAreForbidden() throws Exception {
    first.addContact("C1", "a@example.test");
    Http other = as("pit-b");

    assertThat(other.get("/contacts/C1").statusCode()).isEqualTo(403);
    assertThat(other.post("/contacts/C1/tags", PAID).statusCode()).isEqualTo(403);
    assertThat(other.get("/locations/locA").statusCode()).isEqualTo(403);
    assertThat(
            other
                .get("/contacts/search/duplicate?locationId=locA&email=a@example.test")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            other
                .json("/contacts/search/duplicate?locationId=locB&email=a@example.test")
                .path("contact")
                .isNull())
        .isTrue();
    assertThat(first.tagsOf("C1")).isEmpty();
  }

  @Test
  void unknownContactsComeIntoBeingApartInEachLocation() throws Exception {
    first.createUnknownContacts(true);
    second.createUnknownContacts(true);

    assertThat(as("pit-a").post("/contacts/new/tags", PAID).statusCode()).isEqualTo(201);
    assertThat(as("pit-b").get("/contacts/new").statusCode()).isEqualTo(200);
    assertThat(second.tagsOf("new")).isEmpty();
    assertThat(as(crm.location().token()).get("/contacts/new").statusCode()).isEqualTo(400);
  }

  @Test
  void theLimitIsEachLocationsOwn() throws Exception {
    first.enforceRateLimit(true).rateLimit(2, 3).addContact("C1", null);
    second.enforceRateLimit(true).addContact("C2", null);

    assertThat(as("pit-a").get("/contacts/C1").statusCode()).isEqualTo(200);
    assertThat(as("pit-a").get("/contacts/C1").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = as("pit-a").get("/contacts/C1");
    HttpResponse<String> others = as("pit-b").get("/contacts/C2");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(header(refused, "X-RateLimit-Max")).isEqualTo("2");
    assertThat(header(refused, "X-RateLimit-Remaining")).isEqualTo("0");
    assertThat(header(refused, "X-RateLimit-Limit-Daily")).isEqualTo("3");
    assertThat(header(refused, "X-RateLimit-Daily-Remaining")).isEqualTo("0");
    assertThat(others.statusCode()).isEqualTo(200);
    assertThat(header(others, "X-RateLimit-Remaining")).isEqualTo("99");
    assertThat(header(others, "X-RateLimit-Daily-Remaining")).isEqualTo("199999");
  }

  @Test
  void theDaysLimitEndsWithTheDay() throws Exception {
    first.enforceRateLimit(true).rateLimit(100, 1).addContact("C1", null);
    as("pit-a").get("/contacts/C1");

    clock.advance(Duration.ofSeconds(10));
    int laterThatDay = as("pit-a").get("/contacts/C1").statusCode();
    clock.advance(Duration.ofDays(1));

    assertThat(laterThatDay).isEqualTo(429);
    assertThat(as("pit-a").get("/contacts/C1").statusCode()).isEqualTo(200);
  }

  @Test
  void callsWithAStrangeTokenUseNoLocationsLimitUp() throws Exception {
    crm.addContact("C0", null);
    as("pit-x").get("/contacts/C0");

    HttpResponse<String> own = as(crm.location().token()).get("/contacts/C0");

    assertThat(header(own, "X-RateLimit-Remaining")).isEqualTo("99");
  }

  @Test
  void aRevokedTokenIs401AndANewOneWorks() throws Exception {
    first.addContact("C1", null).revoke("pit-a");
    HttpResponse<String> revoked = as("pit-a").get("/contacts/C1");

    assertThat(revoked.statusCode()).isEqualTo(401);
    assertThat(Http.json(revoked).path("message").textValue())
        .isEqualTo("Invalid token: access token is invalid");
    first.replaceToken("pit-a2");
    assertThat(as("pit-a2").get("/contacts/C1").statusCode()).isEqualTo(200);
    assertThat(first.tokens()).containsExactly("pit-a2");
    assertThatThrownBy(() -> second.token("pit-a")).isInstanceOf(IllegalStateException.class);
    first.revokeAll();
    assertThat(as("pit-a2").get("/contacts/C1").statusCode()).isEqualTo(401);
    assertThatThrownBy(first::token).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anAgencysTokenLacksTheScope() throws Exception {
    crm.agencyToken("pit-agency");
    first.addContact("C1", null);

    HttpResponse<String> answer = as("pit-agency").get("/contacts/C1");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(Http.json(answer).path("message").textValue())
        .isEqualTo("The token is not authorized for this scope.");
  }

  @Test
  void faultsAndCountsAreEachLocationsOwn() throws Exception {
    first.faults().fail(1, 500);

    assertThat(as("pit-a").get("/contacts/C1").statusCode()).isEqualTo(500);
    assertThat(as("pit-b").get("/contacts/C1").statusCode()).isEqualTo(400);
    assertThat(as("pit-b").get("/locations/locB").statusCode()).isEqualTo(200);

    assertThat(first.requestCount("/")).isEqualTo(1);
    assertThat(second.requestCount("/contacts")).isEqualTo(1);
    assertThat(crm.requestCount("pit-b", "/")).isEqualTo(2);
    assertThat(crm.requests())
        .extracting(SandboxRequest::caller)
        .isEqualTo(List.of("locA", "locB", "locB"));
  }

  private Http as(String token) {
    return new Http(
        sandbox.goHighLevelUrl(), "Authorization", "Bearer " + token, "Version", "2021-07-28");
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }
}
