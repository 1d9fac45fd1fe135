package dev.acuse.api;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.EventStore;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** The inbox. */
@Path("/api/webhook-events")
@Produces(MediaType.APPLICATION_JSON)
public final class WebhookEventsResource {
  private static final int MAX_TEXT = 256;

  private final EventStore events;

  /** Shows the events of this store. */
  public WebhookEventsResource(EventStore events) {
    this.events = events;
  }

  /** Events, newest first. */
  @GET
  public Items<WebhookEventView> list(
      @QueryParam("status") @Nullable String status,
      @QueryParam("type") @Nullable String type,
      @QueryParam("limit") @Nullable String limit) {
    var filter =
        EventFilter.ALL
            .withStatus(
                new Parameter("status", status).oneOf(EventStatus.values(), EventStatus::code))
            .withType(new Parameter("type", type).text(MAX_TEXT));
    return new Items<>(
        events.page(filter, null, Parameter.limit(limit)).stream()
            .map(WebhookEventView::of)
            .toList());
  }
}
