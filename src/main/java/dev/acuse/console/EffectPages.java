package dev.acuse.console;

import dev.acuse.console.session.Visitor;
import dev.acuse.effect.EffectKind;
import dev.acuse.effect.EffectReader;
import dev.acuse.effect.EffectState;
import dev.acuse.payment.PaymentReader;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The list of effects, by state and kind. */
@Path("/console/effects")
public final class EffectPages {
  /** A label is exact up to here; counting on would make the page slow just when there is much. */
  private static final int MOST_COUNTED = 1000;

  private final PageRenderer pages;
  private final EffectReader effects;
  private final PaymentReader payments;

  EffectPages(PageRenderer pages, EffectReader effects, PaymentReader payments) {
    this.pages = pages;
    this.effects = effects;
    this.payments = payments;
  }

  /**
   * A tab above the list.
   *
   * @param code of the state; empty for all
   * @param count how many effects it holds; null where nothing is counted
   * @param more whether there are more than that
   */
  public record Tab(
      String code, String query, @Nullable Long count, boolean more, boolean current) {}

  /** One page of the list. */
  @GET
  public Response list(@Context ContainerRequestContext request) {
    var form =
        new EffectFilterForm(
            request.getUriInfo().getQueryParameters(),
            payments,
            pages.names(),
            Visitor.of(request).scope());
    var listing =
        form.listing(
            effects.page(form.scope(), form.filter(), form.before(), Listing.SIZE + 1),
            seen -> seen.effect().id());
    Map<String, @Nullable Object> model = listing.model("effects");
    model.put("tabs", tabs(form));
    model.put("values", form.values());
    model.put("query", form.query());
    model.put("narrowed", form.isNarrowed());
    model.put("kinds", EffectKind.KNOWN.stream().map(EffectKind::code).toList());
    return pages.ok(request, "effects", model);
  }

  private List<Tab> tabs(EffectFilterForm form) {
    Map<EffectState, Long> counts = effects.countByStateUpTo(form.scope(), MOST_COUNTED + 1);
    EffectState current = form.filter().state();
    List<Tab> tabs = new ArrayList<>();
    tabs.add(new Tab("", form.queryWithState(null), null, false, current == null));
    for (EffectState state : EffectState.KNOWN) {
      long count = counts.getOrDefault(state, 0L);
      tabs.add(
          new Tab(
              state.code(),
              form.queryWithState(state.code()),
              Math.min(count, MOST_COUNTED),
              count > MOST_COUNTED,
              state == current));
    }
    return tabs;
  }
}
