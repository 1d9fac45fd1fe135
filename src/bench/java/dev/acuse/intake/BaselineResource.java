package dev.acuse.intake;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.acuse.event.Arrival;
import dev.acuse.event.NewEvent;
import dev.acuse.event.OneInsert;
import dev.acuse.intake.WebhookResource.Answer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the intake is compared with, beside it in the same server: the same size limit, parse,
 * signature, identity, metrics and log line, and then an insert by the thread that serves the
 * request, or none at all.
 */
@Path("/webhooks/bench")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
public final class BaselineResource {
  private static final Logger LOGGER = LoggerFactory.getLogger(BaselineResource.class);

  private final WebhookSource source;
  private final OneInsert inserts;
  private final InstantSource clock;
  private final MetricRegistry metrics;
  private final Timer answerTime;

  /** Takes webhooks of this provider. */
  public BaselineResource(
      WebhookSource source,
      OneInsert inserts,
      IntakeConfiguration config,
      InstantSource clock,
      MetricRegistry metrics) {
    this.source = source;
    this.inserts = inserts;
    this.clock = clock;
    this.metrics = metrics;
    this.answerTime = metrics.timer("acuse.bench.time");
  }

  /** Stores it by a statement and a commit of its own. */
  @POST
  @Path("/one-insert")
  public Answer oneInsert(@Context HttpServletRequest request, InputStream body) {
    return answerTime.timeSupplier(
        () -> {
          NewEvent event = examine(request, body);
          Instant now = clock.instant();
          boolean isNew = inserts.append(new Arrival(event, now, now));
          return answer(event, isNew ? "stored" : "duplicate");
        });
  }

  /** Stores nothing. */
  @POST
  @Path("/no-database")
  public Answer noDatabase(@Context HttpServletRequest request, InputStream body) {
    return answerTime.timeSupplier(() -> answer(examine(request, body), "examined"));
  }

  private NewEvent examine(HttpServletRequest request, InputStream body) {
    metrics.counter("acuse.bench.received").inc();
    var examined = source.examine(Deliveries.of(request, BodyReader.read(request, body), null));
    if (examined instanceof WebhookSource.Refused refused) {
      throw IntakeRefusal.of(refused.refusal());
    }
    return examined.event();
  }

  private Answer answer(NewEvent event, String status) {
    metrics.counter("acuse.bench." + status).inc();
    LOGGER.info(
        "webhook {} webhook_id={} type={} resource={} signature={}",
        status,
        event.webhookId(),
        event.eventType(),
        event.resourceId(),
        event.signature().code());
    return new Answer(event.webhookId(), status);
  }
}
