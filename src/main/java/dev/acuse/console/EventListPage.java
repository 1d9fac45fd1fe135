package dev.acuse.console;

import dev.acuse.console.session.Visitor;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventCounts;
import dev.acuse.inbox.EventReader;
import dev.acuse.payment.PaymentReader;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The list of events, with its tabs, its filters and its search. */
@Path("/console/events")
public final class EventListPage {
  static final int PAGE_SIZE = 50;

  /** A label is exact up to here; counting on would make the page slow just when there is much. */
  private static final int MOST_COUNTED = 1000;

  private final PageRenderer pages;
  private final EventReader events;
  private final PaymentReader payments;

  EventListPage(PageRenderer pages, EventReader events, PaymentReader payments) {
    this.pages = pages;
    this.events = events;
    this.payments = payments;
  }

  /**
   * A tab above the list.
   *
   * @param code of the status; empty for all
   * @param count how many events it holds; null where nobody counts
   * @param more whether there are more than that
   */
  public record Tab(
      String code, String query, @Nullable Long count, boolean more, boolean current) {}

  /** One page of the list. */
  @GET
  public Response list(@Context ContainerRequestContext request) {
    var form =
        new EventFilterForm(
            request.getUriInfo().getQueryParameters(),
            payments,
            pages.names(),
            Visitor.of(request).scope());
    List<WebhookEvent> read =
        events.page(form.scope(), form.filter(), form.before(), PAGE_SIZE + 1);
    boolean more = read.size() > PAGE_SIZE;
    List<WebhookEvent> shown = more ? read.subList(0, PAGE_SIZE) : read;
    Map<String, @Nullable Object> model = new HashMap<>();
    model.put("events", shown);
    model.put("tabs", tabs(form));
    model.put("values", form.values());
    model.put("query", form.query());
    model.put("narrowed", form.isNarrowed());
    model.put("first", form.isFirstPage());
    model.put("origins", EventOrigin.KNOWN.stream().map(EventOrigin::code).toList());
    if (more) {
      String query = form.query();
      model.put(
          "older",
          (query.isEmpty() ? "?" : query + "&")
              + "cursor="
              + form.cursorAfter(shown.get(shown.size() - 1).id()));
    }
    return pages.ok(request, "events", model);
  }

  private List<Tab> tabs(EventFilterForm form) {
    EventCounts counts = events.countByStatusUpTo(form.scope(), MOST_COUNTED + 1);
    EventStatus current = form.filter().status();
    List<Tab> tabs = new ArrayList<>();
    tabs.add(new Tab("", form.queryWithStatus(null), null, false, current == null));
    for (EventStatus status : EventStatus.KNOWN) {
      // As the list under it: what failed is shown whatever it was for.
      boolean takesEffects = EventFilter.ALL.withStatus(status).takesEffects();
      long count = takesEffects ? counts.all(status) : counts.others(status);
      tabs.add(
          new Tab(
              status.code(),
              form.queryWithStatus(status.code()),
              Math.min(count, MOST_COUNTED),
              count > MOST_COUNTED,
              status == current));
    }
    return tabs;
  }
}
