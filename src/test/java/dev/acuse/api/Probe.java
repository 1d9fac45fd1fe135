package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.event.EventStatus;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
import io.dropwizard.auth.Auth;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** A resource that does everything that resources of the API do, and fails in every way. */
@Path("/api/probe")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class Probe {

  /** What the probe is posted. */
  public record Order(
      @NotNull @Size(max = 8) @JsonProperty("external_reference") String externalReference,
      @Positive @JsonProperty("amount") BigDecimal amount,
      @JsonProperty("count") @Nullable Integer count,
      @JsonProperty("due_at") @Nullable Instant dueAt,
      @JsonProperty("patience") @Nullable Duration patience,
      @JsonProperty("status") @Nullable EventStatus status) {}

  @GET
  public Map<String, Object> hello(@Auth ApiCaller caller) {
    return Map.of("caller", caller.name());
  }

  @GET
  @Path("log-context")
  public Map<String, String> logContext() {
    return MDC.getCopyOfContextMap();
  }

  @POST
  public Order echo(@Valid Order order) {
    return order;
  }

  @GET
  @Path("list")
  public Map<String, Object> list(
      @QueryParam("limit") String limit, @QueryParam("status") String status) {
    EventStatus wanted =
        new Parameter("status", status)
            .oneOf(EventStatus.KNOWN.toArray(EventStatus[]::new), EventStatus::code);
    return Map.of(
        "limit", Parameter.limit(limit), "status", wanted == null ? "any" : wanted.code());
  }

  @GET
  @Path("items/{id}")
  public Map<String, Object> item(@PathParam("id") String id) {
    return Map.of("id", Parameter.id(id));
  }

  @POST
  @Path("bulk")
  public Map<String, Object> bulk(@Context UriInfo uri) {
    var query = new QueryParameters(uri, Set.of("type", "dry_run"));
    query.refuseOthers();
    return Map.of("dry_run", query.get("dry_run").flag());
  }

  @GET
  @Path("native")
  public Map<String, Object> jerseysOwnConversion(@QueryParam("page") int page) {
    return Map.of("page", page);
  }

  @GET
  @Path("constrained")
  public Map<String, Object> constrained(@QueryParam("max_age") @Positive int maxAge) {
    return Map.of("max_age", maxAge);
  }

  @GET
  @Path("fails/{how}")
  public Response fail(@PathParam("how") String how) throws Exception {
    switch (how) {
      case "problem" -> throw ProblemException.of(409, "not_retryable", "It is being processed.");
      case "pause" ->
          throw ProblemException.of(ProblemCode.UNAVAILABLE).retryAfter(Duration.ofMillis(1500));
      case "bare" -> {
        return Response.status(410).build();
      }
      case "missing" -> throw new NotFoundException("secret-canary");
      case "unavailable" -> throw new ServiceUnavailableException(7L);
      case "connection" -> throw new ConnectionException(new SQLException("secret-canary"));
      case "pool" -> throw new SQLTransientConnectionException("secret-canary");
      case "shutdown" ->
          throw new IllegalStateException(new SQLException("secret-canary", "57P01"));
      case "constraint" -> throw new SQLException("secret-canary", "23505");
      case "own-timeout" -> throw new IllegalStateException(new TimeoutException("secret-canary"));
      case "error" -> throw new StackOverflowError("secret-canary");
      default -> throw new IllegalStateException("secret-canary");
    }
  }

  @GET
  @Path("optional")
  public Optional<String> optional() {
    return Optional.empty();
  }

  @GET
  @Path("bad-answer")
  public Object badAnswer() {
    return new Object() {
      @JsonProperty("value")
      public String value() {
        throw new IllegalArgumentException("secret-canary");
      }
    };
  }

  @GET
  @Path("async")
  public void async(@Suspended AsyncResponse response) {
    var worker = new Thread(() -> response.resume(new IllegalStateException("secret-canary")));
    worker.start();
  }
}
