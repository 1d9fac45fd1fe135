package dev.acuse.intake;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.acuse.account.Accounts;
import dev.acuse.event.NewEvent;
import dev.acuse.event.SignatureState;
import dev.acuse.event.Ticket;
import dev.acuse.event.Unjudged;
import dev.acuse.http.Network;
import dev.acuse.http.ProblemException;
import dev.acuse.http.RequestBodies;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.QuarantineBudget;
import dev.acuse.intake.AccountAddresses.Found;
import dev.acuse.intake.IntakeWriter.Receipt;
import dev.acuse.intake.WebhookSource.Accepted;
import dev.acuse.intake.WebhookSource.Examined;
import dev.acuse.intake.WebhookSource.Refused;
import dev.acuse.intake.WebhookSource.Undecided;
import dev.acuse.process.FatalErrors;
import io.dropwizard.core.setup.Environment;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
  private final Storing writer;
  private final Quarantine quarantine;
  private final HintAdmission hints;
  private final Vouchers vouchers = new Vouchers();
  private final AccountAddresses addresses;
  private final Counter unknownAccounts;
  private final Counter unknownAddresses;
  private final IntakeBooks books;
  private final MetricRegistry metrics;
  private final Timer answerTime;
  private final Executor answers;
  private final Executor later;
  private final Logger log;

  /**
   * Takes webhooks of these providers.
   *
   * @param store where refused deliveries are kept
   * @param isKnown whether an event is about a resource that is known here; may ask the database
   * @param accounts whose addresses there are
   * @param books told of every request and its answer
   * @param answers makes answers: what stores webhooks does nothing else
   */
  public WebhookResource(
      List<WebhookSource> sources,
      IntakeWriter writer,
      EventStore store,
      Predicate<NewEvent> isKnown,
      Accounts accounts,
      IntakeConfiguration config,
      IntakeBooks books,
      MetricRegistry metrics,
      Executor answers) {
    this(sources, writer::write, store, isKnown, accounts, config, books, metrics, answers, LOGGER);
  }

  /**
   * One that may store, and tell, something else than the service does.
   *
   * @param log told of each webhook and what became of it
   */
  WebhookResource(
      List<WebhookSource> sources,
      Storing writer,
      EventStore store,
      Predicate<NewEvent> isKnown,
      Accounts accounts,
      IntakeConfiguration config,
      IntakeBooks books,
      MetricRegistry metrics,
      Executor answers,
      Logger log) {
    this.log = log;
    this.books = books;
    this.answers = answers;
    this.later = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, answers);
    this.sources =
        sources.stream().collect(Collectors.toUnmodifiableMap(WebhookSource::name, s -> s));
    this.writer = writer;
    this.addresses = new AccountAddresses(accounts);
    Supplier<QuarantineBudget> budget =
        () -> config.quarantineBudget().share(accounts.current().all().size());
    this.quarantine = new Quarantine(store, config, budget);
    long start = System.nanoTime();
    this.hints =
        new HintAdmission(
            isKnown,
            store::hasRoomForUnproven,
            account -> store.trimHints(account, budget.get()),
            config,
            () -> System.nanoTime() - start,
            answers,
            metrics);
    this.metrics = metrics;
    this.answerTime = metrics.timer("acuse.intake.time");
    // A counter that begins at 0 shows its first move as one.
    this.unknownAccounts = metrics.counter("acuse.intake.unknown_account");
    this.unknownAddresses = metrics.counter("acuse.intake.unknown_address");
  }

  /**
   * Has the bodies of all requests to the application's port read before a thread is given to what
   * answers them, as far as there is memory for them.
   */
  public static void readBodies(
      Environment environment, List<WebhookSource> sources, IntakeConfiguration config) {
    RequestBodies.install(
        environment,
        new WebhookLimits(sources, config),
        config.memoryBytes(),
        config.bodyTimeout());
  }

  /**
   * MercadoPago's panel tests an address with GET or HEAD: it must answer 200, and stores nothing.
   */
  @GET
  public Map<String, String> ping(@PathParam("source") String sourceName) {
    source(sourceName);
    return Map.of("status", "ready");
  }

  /** The same of the address of one account; 404 if there is none of that name. */
  @GET
  @Path("/{account}")
  public void ping(
      @PathParam("source") String sourceName,
      @PathParam("account") String account,
      @Suspended AsyncResponse response) {
    source(sourceName);
    var unused =
        known(account)
            .thenApplyAsync(found -> Map.of("status", "ready"), answers)
            .whenComplete((answer, failure) -> resume(response, answer, failure));
  }

  /**
   * As {@link #receive(String, HttpServletRequest, InputStream, AsyncResponse)}, of one account.
   */
  @POST
  @Path("/{account}")
  @Consumes(MediaType.WILDCARD)
  public void receive(
      @PathParam("source") String sourceName,
      @PathParam("account") String account,
      @Context HttpServletRequest request,
      InputStream body,
      @Suspended AsyncResponse response) {
    answer(new Address(sourceName, account), request, body, response);
  }

  /**
   * Where a delivery was sent to.
   *
   * @param account null for the address that all share
   */
  private record Address(String source, @Nullable String account) {}

  /**
   * Takes one delivery, of whatever content type. No thread waits for the commit: the answer is
   * given when it is there.
   */
  @POST
  @Consumes(MediaType.WILDCARD)
  public void receive(
      @PathParam("source") String sourceName,
      @Context HttpServletRequest request,
      InputStream body,
      @Suspended AsyncResponse response) {
    if (request.getAttribute(Rehearsal.ATTRIBUTE) instanceof WebhookResource rehearsed) {
      rehearsed.answer(new Address(sourceName, null), request, body, response);
    } else {
      answer(new Address(sourceName, null), request, body, response);
    }
  }

  private void answer(
      Address address, HttpServletRequest request, InputStream body, AsyncResponse response) {
    metrics.counter("acuse.intake.received").inc();
    books.received();
    Timer.Context time = answerTime.time();
    var open = new OpenRequest(request.getAsyncContext());
    var unused =
        take(address, request, body)
            .whenComplete(
                (answer, failure) -> {
                  time.stop();
                  try {
                    answer(response, answer, failure);
                  } catch (RuntimeException | Error e) {
                    // Nothing asks this future, and Jersey tells only what it writes to.
                    FatalErrors.haltOn(e);
                    LOGGER.debug("an answer could not be written", e);
                  }
                  open.endUnlessEnded(later);
                });
  }

  private CompletableFuture<Answer> take(
      Address address, HttpServletRequest request, InputStream body) {
    try {
      WebhookSource source = source(address.source());
      String sender = Network.nameOf(request.getRemoteAddr());
      byte[] bytes = BodyReader.read(request, body);
      String account = address.account();
      Delivery delivery = Deliveries.of(request, bytes, account);
      if (account == null || addresses.isKnown(account)) {
        return examine(new Taken(source, delivery, sender));
      }
      return known(account)
          .thenComposeAsync(found -> examine(new Taken(source, delivery, sender)), answers);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Fails if there is certainly no account of this name. */
  private CompletableFuture<Found> known(String account) {
    if (addresses.isKnown(account)) {
      return CompletableFuture.completedFuture(Found.YES);
    }
    return addresses
        .find(account)
        .thenApply(
            found -> {
              if (found == Found.NO) {
                unknownAddresses.inc();
                throw IntakeRefusal.unknownAccount();
              }
              return found;
            });
  }

  /** A delivery that was taken in. */
  private record Taken(WebhookSource source, Delivery delivery, String sender) {}

  private CompletableFuture<Answer> examine(Taken taken) {
    Examined examined = taken.source().examine(taken.delivery());
    if (examined instanceof Accepted && examined.event().hasUnknownAccount()) {
      // Another instance may have made the account a moment ago.
      return addresses
          .read()
          .thenComposeAsync(
              reading -> settle(taken, taken.source().examine(taken.delivery())), answers);
    }
    return settle(taken, examined);
  }

  private CompletableFuture<Answer> settle(Taken taken, Examined examined) {
    if (examined instanceof Undecided undecided) {
      return keepAsItCame(taken, undecided);
    }
    if (examined instanceof Refused refused) {
      return refuse(taken, refused);
    }
    NewEvent event = examined.event();
    if (event.signature() == SignatureState.VERIFIED) {
      return store(event, null, Duration.ZERO);
    }
    String voucher = examined instanceof Accepted accepted ? accepted.voucher() : null;
    if (voucher != null && vouchers.use(voucher)) {
      return store(event, null, Duration.ZERO)
          .whenComplete((answer, failure) -> giveBackUnless(failure == null, voucher));
    }
    return hints
        .admit(event, examined.budget(), taken.sender())
        .thenCompose(delay -> store(event, null, delay));
  }

  private void giveBackUnless(boolean isStored, String voucher) {
    if (!isStored) {
      vouchers.giveBack(voucher);
    }
  }

  private CompletableFuture<Answer> refuse(Taken taken, Refused refused) {
    if (refused.isPartial()) {
      return quarantine
          .review(
              () -> taken.source().examineFully(taken.delivery()), refused.budget(), taken.sender())
          .thenComposeAsync(
              full ->
                  (full == null || full instanceof Refused)
                      ? keepRefused(taken, refused)
                      : settle(taken, full),
              answers);
    }
    return keepRefused(taken, refused);
  }

  private CompletableFuture<Answer> keepRefused(Taken taken, Refused refused) {
    return keep(refused.event(), refused.budget(), taken.sender())
        .thenCompose(kept -> CompletableFuture.failedFuture(IntakeRefusal.of(refused.refusal())));
  }

  /**
   * Has one spooled as it came, to be judged as soon as the accounts are known. What no secret
   * vouches for is taken at the rate of quarantine.
   */
  private CompletableFuture<Answer> keepAsItCame(Taken taken, Undecided undecided) {
    if (!undecided.isSigned() && !quarantine.mayKeep(undecided.budget(), taken.sender())) {
      return CompletableFuture.failedFuture(IntakeRefusal.notJudged());
    }
    Unjudged unjudged = taken.source().kept(taken.delivery()).unjudged();
    return store(undecided.event(), unjudged, Duration.ZERO);
  }

  private void answer(
      AsyncResponse response, @Nullable Answer answer, @Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ProblemException refusal) {
      metrics.counter("acuse.intake.refused." + refusal.code()).inc();
      books.refused(refusal.code());
    } else if (cause != null) {
      books.refused("error");
    }
    resume(response, answer, cause);
  }

  private static void resume(
      AsyncResponse response, @Nullable Object answer, @Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause == null) {
      response.resume(answer);
    } else {
      response.resume(cause);
    }
  }

  private WebhookSource source(String name) {
    WebhookSource source = sources.get(name);
    if (source == null) {
      throw IntakeRefusal.unknownSource();
    }
    return source;
  }

  private CompletableFuture<Answer> store(
      NewEvent event, @Nullable Unjudged unjudged, Duration delay) {
    Ticket ticket = books.next();
    return writer
        .write(event, unjudged, ticket, delay)
        .whenComplete(
            (receipt, failure) -> {
              if (failure != null) {
                books.unsure(ticket);
              }
            })
        .handleAsync((receipt, failure) -> answered(event, receipt, failure), answers);
  }

  /** Here and not where it failed: the thread that stores has many others to store. */
  private Answer answered(NewEvent event, @Nullable Receipt receipt, @Nullable Throwable failure) {
    if (receipt == null) {
      throw failure instanceof CompletionException known ? known : new CompletionException(failure);
    }
    return stored(event, receipt);
  }

  private Answer stored(NewEvent event, Receipt receipt) {
    String status = receipt.name().toLowerCase(Locale.ROOT);
    metrics.counter("acuse.intake." + status).inc();
    books.acknowledged(receipt);
    if (event.hasUnknownAccount() && receipt != Receipt.DUPLICATE) {
      unknownAccounts.inc();
    }
    log.info(
        "webhook {} webhook_id={} type={} resource={} signature={}",
        status,
        event.webhookId(),
        event.eventType(),
        event.resourceId(),
        event.signature().code());
    return new Answer(event.webhookId(), status);
  }

  private CompletableFuture<Boolean> keep(NewEvent event, long budget, String sender) {
    return quarantine
        .keep(event, budget, sender)
        .thenApplyAsync(
            kept -> {
              metrics.counter(kept ? "acuse.intake.quarantined" : "acuse.intake.not_kept").inc();
              log.warn(
                  "webhook refused, {} webhook_id={} type={} reason=\"{}\"",
                  kept ? "kept as quarantined" : "not kept",
                  event.webhookId(),
                  event.eventType(),
                  event.reason());
              return kept;
            },
            answers);
  }
}
