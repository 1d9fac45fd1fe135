package dev.acuse.gohighlevel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.remote.RemoteAnswer;
import dev.acuse.remote.RemoteCall;
import dev.acuse.remote.RemoteException;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls to GoHighLevel's API, version 2, that Acuse needs. Thread-safe; keeps nothing. */
public final class GoHighLevelClient {
  private static final String SYSTEM = "GoHighLevel";

  /** GoHighLevel documents no {@code Retry-After}: its burst limit counts in windows of 10 s. */
  private static final Duration BURST_WINDOW = Duration.ofSeconds(10);

  /** When the day's requests are used up; when its day ends GoHighLevel does not say. */
  private static final Duration DAY_USED_UP = Duration.ofHours(1);

  private static final String ANOTHER_LOCATION = "does not have access to this location";

  private final WebTarget api;
  private final @Nullable String token;
  private final @Nullable String locationId;
  private final String apiVersion;
  private final RemoteCall call;

  /**
   * Takes its address, token and version from the configuration.
   *
   * @param client built by {@link dev.acuse.remote.RemoteHttp}, which bounds its calls
   */
  public GoHighLevelClient(
      Client client, GoHighLevelConfiguration configuration, InstantSource clock) {
    this.api = client.target(configuration.baseUrl());
    this.token = configuration.token().revealOrNull();
    this.locationId = configuration.locationId();
    this.apiVersion = configuration.apiVersion();
    this.call = new RemoteCall(SYSTEM, clock, token, GoHighLevelClient::unaskedWait);
  }

  /**
   * Adds tags to a contact. Not by an update of the contact, which would take all its other tags
   * away.
   *
   * @param contactId fit for a path
   */
  RemoteAnswer addTags(String contactId, List<String> tags) throws RemoteException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode list = body.putArray("tags");
    tags.forEach(list::add);
    try {
      return call.send(
          request(api.path("contacts").path(contactId).path("tags"))
              .buildPost(Entity.entity(body.toString(), MediaType.APPLICATION_JSON_TYPE)));
    } catch (RemoteException.Unauthorized e) {
      throw isOfAnotherLocation(e)
          ? new RemoteException.Rejected(String.valueOf(e.getMessage()), 401)
          : e;
    }
  }

  /**
   * That is this contact's trouble, which 403 stands for, and not the token's (facts: some saw 401
   * for it): the tags of all others must not wait for it.
   */
  private static boolean isOfAnotherLocation(RemoteException.Unauthorized refused) {
    return String.valueOf(refused.getMessage()).contains(ANOTHER_LOCATION);
  }

  /** The contact that GoHighLevel holds for a duplicate of this address; a missing node if none. */
  JsonNode findDuplicate(String email) throws RemoteException {
    if (locationId == null) {
      throw new RemoteException.Unauthorized("no location of GoHighLevel is set", null);
    }
    WebTarget target =
        api.path("contacts/search/duplicate")
            // as template values: an address may hold braces, and its + must arrive as %2B
            .queryParam("locationId", "{location}")
            .queryParam("email", "{email}")
            .resolveTemplate("location", locationId)
            .resolveTemplate("email", email);
    return call.send(request(target).buildGet()).object().path("contact");
  }

  private Invocation.Builder request(WebTarget target) throws RemoteException.Unauthorized {
    if (token == null) {
      throw new RemoteException.Unauthorized("no token for GoHighLevel is set", null);
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
