package dev.acuse.alert;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.remote.Guard;
import dev.acuse.remote.RefusalRules;
import dev.acuse.remote.RemoteCall;
import dev.acuse.remote.RemoteException;
import dev.acuse.text.Legible;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;

/**
 * An incoming webhook as Slack, Mattermost and others have it: JSON with a {@code text}. Its
 * address is its secret, and reaches neither log nor database. Thread-safe.
 */
final class SlackWebhook {
  private final Client client;
  private final String url;
  private final RemoteCall call;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param client built by {@link dev.acuse.remote.RemoteHttp}, which bounds its calls
   */
  SlackWebhook(Client client, String url, InstantSource clock) {
    this.client = client;
    this.url = url;
    this.call = new RemoteCall("the alert webhook", clock, url, answer -> null, Guard.NONE);
  }

  /**
   * Delivers a message.
   *
   * @throws RemoteException if it was not taken
   */
  void post(String text) throws RemoteException {
    String body = json.createObjectNode().put("text", Legible.lines(text)).toString();
    var unused =
        call.send(
            () ->
                client
                    .target(url)
                    .request()
                    .buildPost(Entity.entity(body, MediaType.APPLICATION_JSON_TYPE)),
            answer -> answer,
            RefusalRules.BY_STATUS);
  }
}
