package dev.acuse.intake;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.event.EventStore;
import dev.acuse.event.NewEvent;
import dev.acuse.intake.IntakeWriter.Receipt;
import dev.acuse.intake.WebhookSource.Examined;
import dev.acuse.intake.WebhookSource.Refused;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes webhooks: read, examine, store, and only then answer 200. If it cannot be stored the answer
 * is 503, and the provider sends it again.
 */
@Path("/webhooks/{source}")
@Produces(MediaType.APPLICATION_JSON)
public final class WebhookResource {
  private static final Logger LOGGER = LoggerFactory.getLogger(WebhookResource.class);

  /** The answer to an acknowledged webhook. */
  public record Answer(
      @JsonProperty("webhook_id") String webhookId, @JsonProperty("status") String status) {}

  private final Map<String, WebhookSource> sources;
  private final IntakeWriter writer;
  private final Quarantine quarantine;
  private final BodyReader bodies;
  private final MetricRegistry metrics;
  private final Timer answerTime;

  /**
   * Takes webhooks of these providers.
   *
   * @param store where refused deliveries are kept
   */
  public WebhookResource(
      List<WebhookSource> sources,
      IntakeWriter writer,
      EventStore store,
      IntakeConfiguration config,
      MetricRegistry metrics) {
    this.sources =
        sources.stream().collect(Collectors.toUnmodifiableMap(WebhookSource::name, s -> s));
    this.writer = writer;
    this.quarantine = new Quarantine(store, config);
    this.bodies = new BodyReader(config.maxBodyBytes(), config.bodyTimeout());
    this.metrics = metrics;
    this.answerTime = metrics.timer("acuse.intake.time");
  }

  /**
   * MercadoPago's panel tests an address with GET or HEAD: it must answer 200, and stores nothing.
   */
  @GET
  public Map<String, String> ping(@PathParam("source") String sourceName) {
    source(sourceName);
    return Map.of("status", "ready");
  }

  /** Takes one delivery, of whatever content type. */
  @POST
  @Consumes(MediaType.WILDCARD)
  public Answer receive(
      @PathParam("source") String sourceName,
      @Context HttpServletRequest request,
      InputStream body) {
    metrics.counter("acuse.intake.received").inc();
    Timer.Context time = answerTime.time();
    try {
      WebhookSource source = source(sourceName);
      Examined examined = source.examine(Deliveries.of(request, bodies.read(body)));
      if (examined instanceof Refused refused) {
        keep(refused.event());
        throw IntakeRefusal.of(refused.refusal());
      }
      return store(examined.event());
    } catch (IntakeRefusal refusal) {
      metrics.counter("acuse.intake.refused." + refusal.code()).inc();
      throw refusal;
    } finally {
      time.stop();
    }
  }

  private WebhookSource source(String name) {
    WebhookSource source = sources.get(name);
    if (source == null) {
      throw IntakeRefusal.unknownSource();
    }
    return source;
  }

  private Answer store(NewEvent event) {
    Receipt receipt;
    try {
      receipt = writer.write(event);
    } catch (JdbiException e) {
      LOGGER.error("webhook {} could not be stored; answering 503", event.webhookId(), e);
      throw IntakeRefusal.notStored();
    }
    String status = receipt.name().toLowerCase(Locale.ROOT);
    metrics.counter("acuse.intake." + status).inc();
    LOGGER.info(
        "webhook {} webhook_id={} type={} resource={} signature={}",
        status,
        event.webhookId(),
        event.eventType(),
        event.resourceId(),
        event.signature().code());
    return new Answer(event.webhookId(), status);
  }

  private void keep(NewEvent event) {
    boolean kept = quarantine.keep(event);
    metrics.counter(kept ? "acuse.intake.quarantined" : "acuse.intake.not_kept").inc();
    LOGGER.warn(
        "webhook refused, {} webhook_id={} type={} reason=\"{}\"",
        kept ? "kept as quarantined" : "not kept",
        event.webhookId(),
        event.eventType(),
        event.reason());
  }
}
