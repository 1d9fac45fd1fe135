package dev.acuse.console;

import dev.acuse.api.PaymentLinks;
import dev.acuse.console.session.Visitor;
import dev.acuse.dispute.Dispute;
import dev.acuse.dispute.DisputeFilter;
import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.dispute.DisputeState;
import dev.acuse.event.Scope;
import dev.acuse.http.Cursor;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chargebacks, claims and fraud alerts, and each with its payments. */
@Path("/console/disputes")
public final class DisputePages {
  private static final int MAX_TEXT = 256;

  /** Within how many days one may be due; those that are overdue are due as well. */
  private static final int MOST_DAYS = 366;

  private final PageRenderer pages;
  private final DisputeReader disputes;
  private final PaymentLinks links;
  private final InstantSource clock;

  /**
   * @param clock tells what is due
   */
  DisputePages(
      PageRenderer pages, DisputeReader disputes, PaymentLinks links, InstantSource clock) {
    this.pages = pages;
    this.disputes = disputes;
    this.links = links;
    this.clock = clock;
  }

  /**
   * Disputes, newest first; a search finds the id of a case or of a payment.
   *
   * @param due only those that are open and whose deadline is no further than so many days
   */
  @GET
  public Response list(
      @Context ContainerRequestContext request,
      @QueryParam("q") @Nullable String q,
      @QueryParam("kind") @Nullable String kind,
      @QueryParam("state") @Nullable String state,
      @QueryParam("due") @Nullable String due,
      @QueryParam("account") @Nullable String account,
      @QueryParam("cursor") @Nullable String cursor) {
    var fields = new Fields();
    fields.put("q", new Parameter("q", q).text(MAX_TEXT));
    fields.put("kind", new Parameter("kind", kind).value());
    fields.put("state", new Parameter("state", state).value());
    fields.put("due", new Parameter("due", due).value());
    Scope scope = pages.narrowed(request, account);
    fields.put("account", new Parameter("account", account).value());
    var position =
        new Cursor(
            "disputes",
            Arrays.asList(
                fields.get("q"),
                fields.get("kind"),
                fields.get("state"),
                fields.get("due"),
                fields.get("account")));
    Long before = position.read(new Parameter("cursor", cursor));
    var listing =
        Listing.of(
            found(scope, fields.get("q"), filter(kind, state, due), before),
            Dispute::id,
            position,
            fields.query());
    Map<String, @Nullable Object> model = listing.model("disputes");
    model.put("values", fields.values());
    model.put("kinds", DisputeKind.KNOWN.stream().map(DisputeKind::code).toList());
    model.put("states", DisputeState.KNOWN.stream().map(DisputeState::code).toList());
    model.put("payments", new DisputePayments(links.of(scope, listing.rows())));
    return pages.ok(request, "disputes", model);
  }

  private DisputeFilter filter(
      @Nullable String kind, @Nullable String state, @Nullable String due) {
    Integer days = new Parameter("due", due).integer(1, MOST_DAYS);
    Instant dueBefore = days == null ? null : clock.instant().plus(Duration.ofDays(days));
    return new DisputeFilter(
        new Parameter("kind", kind)
            .oneOf(DisputeKind.KNOWN.toArray(DisputeKind[]::new), DisputeKind::code),
        new Parameter("state", state)
            .oneOf(DisputeState.KNOWN.toArray(DisputeState[]::new), DisputeState::code),
        dueBefore == null ? null : true,
        null,
        null,
        dueBefore);
  }

  /** As many as one page has, and one more if there is one. */
  private List<Dispute> found(
      Scope scope, @Nullable String words, DisputeFilter filter, @Nullable Long before) {
    int most = Listing.SIZE + 1;
    if (words == null) {
      return disputes.page(scope, filter, before, most);
    }
    return Stream.of(filter.withMpPaymentId(words), filter.withMpId(words))
        .flatMap(one -> disputes.page(scope, one, before, most).stream())
        .distinct()
        .sorted(Comparator.comparingLong(Dispute::id).reversed())
        .limit(most)
        .toList();
  }

  /** One dispute. */
  @GET
  @Path("/{id}")
  public Response show(@Context ContainerRequestContext request, @PathParam("id") String id) {
    Scope scope = Visitor.of(request).scope();
    Dispute dispute =
        disputes
            .find(scope, Parameter.id(id))
            .orElseThrow(
                () -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such dispute."));
    Map<String, @Nullable Object> model = new HashMap<>();
    model.put("d", dispute);
    model.put("payments", new DisputePayments(links.of(scope, List.of(dispute))));
    return pages.ok(request, "dispute", model);
  }
}
