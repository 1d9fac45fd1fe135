package dev.acuse.gohighlevel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.remote.Guard;
import dev.acuse.remote.RefusalStreak;
import dev.acuse.remote.RemoteAnswer;
import dev.acuse.remote.RemoteCall;
import dev.acuse.remote.RemoteCall.Reading;
import dev.acuse.remote.RemoteException;
import dev.acuse.text.Secret;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The calls to GoHighLevel's API, version 2, that Acuse needs. Thread-safe; keeps nothing. */
public final class GoHighLevelClient {
  private static final String SYSTEM = "GoHighLevel";

  /** GoHighLevel documents no {@code Retry-After}: its burst limit counts in windows of 10 s. */
  private static final Duration BURST_WINDOW = Duration.ofSeconds(10);

  /** When the day's requests are used up; when its day ends GoHighLevel does not say. */
  private static final Duration DAY_USED_UP = Duration.ofHours(1);

  /** So many contacts of other sub-accounts, one after the other, are no coincidence. */
  private static final int REFUSED_IN_A_ROW = 3;

  /** Of the form of an id, and none that GoHighLevel makes. */
  private static final String NO_CONTACT = "acuseAsksForNobody00";

  private final WebTarget api;
  private final InstantSource clock;
  private final @Nullable String token;
  private final @Nullable String locationId;
  private final String apiVersion;
  private final RemoteCall call;
  private final RefusalStreak streak;

  /**
   * Takes its address, token and version from the configuration.
   *
   * @param client built by {@link dev.acuse.remote.RemoteHttp}, which bounds its calls
   * @param guard lets the calls through, or not
   */
  public GoHighLevelClient(
      Client client, GoHighLevelConfiguration configuration, InstantSource clock, Guard guard) {
    this(
        client.target(configuration.baseUrl()),
        clock,
        configuration.token().revealOrNull(),
        configuration.locationId(),
        configuration.apiVersion(),
        guard);
  }

  private GoHighLevelClient(
      WebTarget api,
      InstantSource clock,
      @Nullable String token,
      @Nullable String locationId,
      String apiVersion,
      Guard guard) {
    this.api = api;
    this.clock = clock;
    this.token = token;
    this.locationId = locationId;
    this.apiVersion = apiVersion;
    this.call = new RemoteCall(SYSTEM, clock, token, GoHighLevelClient::unaskedWait, guard);
    this.streak = new RefusalStreak(REFUSED_IN_A_ROW, "is the token of the right sub-account?");
  }

  private GoHighLevelClient(GoHighLevelClient other, RemoteCall call) {
    this.api = other.api;
    this.clock = other.clock;
    this.token = other.token;
    this.locationId = other.locationId;
    this.apiVersion = other.apiVersion;
    this.streak = other.streak;
    this.call = call;
  }

  /**
   * The client of another account: the same address by the same connections, with its own token and
   * location. No guard holds its calls back.
   *
   * @param its the token; {@link Secret#NONE} if it has none yet
   * @param location null if it has none
   */
  public GoHighLevelClient as(Secret its, @Nullable String location) {
    return new GoHighLevelClient(api, clock, its.revealOrNull(), location, apiVersion, Guard.NONE);
  }

  /** The same client behind one more guard, which is asked first. */
  public GoHighLevelClient through(Guard front) {
    return new GoHighLevelClient(this, call.through(front));
  }

  /**
   * Adds tags to a contact. Not by an update of the contact, which would take all its other tags
   * away.
   *
   * @param contactId fit for a path
   * @param reading says whether the answer shows the tags
   */
  <T> T addTags(String contactId, List<String> tags, Reading<T> reading) throws RemoteException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode list = body.putArray("tags");
    tags.forEach(list::add);
    WebTarget target = api.path("contacts").path(contactId).path("tags");
    return call.send(
        () ->
            request(target)
                .buildPost(Entity.entity(body.toString(), MediaType.APPLICATION_JSON_TYPE)),
        answer -> {
          T read = reading.of(answer);
          streak.answered();
          return read;
        },
        GoHighLevelRefusals.OF_TAGS,
        failure -> meaning(contactId, failure));
  }

  /** The tags of all others must not wait for a contact of another location, unless all are. */
  private RemoteException meaning(String contactId, RemoteException failure) {
    return failure instanceof RemoteException.Rejected refusal
            && (refusal.status() == 401 || refusal.status() == 403)
        ? streak.refused(contactId, refusal)
        : failure;
  }

  /**
   * The contact that GoHighLevel holds for a duplicate of this address; a missing node if none.
   *
   * @throws RemoteException.Rejected if GoHighLevel does not take the address for one
   */
  JsonNode findDuplicate(String email) throws RemoteException {
    return call.send(
        () -> search(email).buildGet(), GoHighLevelClient::contact, GoHighLevelRefusals.OF_SEARCH);
  }

  /**
   * The name of the configured sub-account; blank if it has none. The token needs the scope
   * locations.readonly for it, and for nothing else.
   *
   * @throws RemoteException sorted by what to do next
   */
  public String locationName() throws RemoteException {
    return call.send(
        () -> request(api.path("locations").path(location())).buildGet(),
        answer -> {
          JsonNode location = answer.object().path("location");
          if (!location.isObject()) {
            throw answer.notUnderstood("a sub-account that is none");
          }
          return location.path("name").asText("");
        },
        GoHighLevelRefusals.OF_SEARCH);
  }

  /**
   * Whether the token may read contacts, by a contact that is not there.
   *
   * @throws RemoteException.Rejected if it may: there is no such contact
   * @throws RemoteException else, sorted by what to do next
   */
  public void readNoContact() throws RemoteException {
    call.send(
        () -> request(api.path("contacts").path(NO_CONTACT)).buildGet(),
        RemoteAnswer::object,
        GoHighLevelRefusals.OF_TAGS);
  }

  /** Whether these are GoHighLevel's words for a scope that the token lacks. */
  public static boolean isAboutScope(RemoteException e) {
    return e.diagnosis() == RemoteException.Diagnosis.TOKEN_REFUSED
        && String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("scope");
  }

  private static JsonNode contact(RemoteAnswer answer) throws RemoteException {
    JsonNode found = answer.object();
    // The specification does not say what the search answers if it finds no contact; no error is
    // raised.
    if (!found.has("contact") && (found.has("message") || found.has("error"))) {
      throw answer.notUnderstood("a search without a contact");
    }
    return found.path("contact");
  }

  private String location() throws RemoteException.NotSetUp {
    if (locationId == null) {
      throw RemoteException.NotSetUp.lacks("no location of GoHighLevel is set yet");
    }
    return locationId;
  }

  private Invocation.Builder search(String email) throws RemoteException.NotSetUp {
    String location = location();
    return request(
        api.path("contacts/search/duplicate")
            // as template values: an address may hold braces, and its + must arrive as %2B
            .queryParam("locationId", "{location}")
            .queryParam("email", "{email}")
            .resolveTemplate("location", location)
            .resolveTemplate("email", email));
  }

  private Invocation.Builder request(WebTarget target) throws RemoteException.NotSetUp {
    if (token == null) {
      throw RemoteException.NotSetUp.noToken("no token for GoHighLevel is set yet");
    }
    return target
        .request(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
        .header("Version", apiVersion);
  }

  private static @Nullable Duration unaskedWait(RemoteAnswer answer) {
    if (answer.status() != 429) {
      return null;
    }
    return "0".equals(answer.header("x-ratelimit-daily-remaining")) ? DAY_USED_UP : BURST_WINDOW;
  }
}
