package dev.acuse.intake;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.event.Arrival;
import dev.acuse.inbox.EventStore;
import dev.acuse.intake.IntakeWriter.Receipt;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Request;
import org.slf4j.helpers.NOPLogger;

/**
 * Takes a webhook that no provider has sent, by the intake's own code, so that this code has run
 * before the first genuine one comes. It has a registry of metrics and books of its own, which are
 * thrown away, and tells no log.
 */
public final class Rehearsal {
  /** The request's attribute that holds what takes it. No sender can set one. */
  static final String ATTRIBUTE = Rehearsal.class.getName();

  private final WebhookResource resource;

  /**
   * @param source that examines what is rehearsed; not the one of genuine webhooks, because that
   *     counts
   * @param insert is given what would be stored, and takes it back
   * @param store is asked for nothing, as long as the source proves what is rehearsed
   * @param threads run the insert and make the answer
   */
  public Rehearsal(
      WebhookSource source,
      Consumer<Arrival> insert,
      EventStore store,
      IntakeConfiguration config,
      InstantSource clock,
      Executor threads) {
    this.resource =
        new WebhookResource(
            List.of(source),
            (event, unjudged, ticket, delay) ->
                CompletableFuture.supplyAsync(
                    () -> {
                      insert.accept(new Arrival(event, clock.instant(), clock.instant()));
                      return Receipt.STORED;
                    },
                    threads),
            store,
            event -> false,
            Accounts.fixed(EnvironmentAccount.NONE.alone()),
            config,
            new IntakeBooks("rehearsal"),
            new MetricRegistry(),
            threads,
            NOPLogger.NOP_LOGGER);
  }

  /** Makes a request one that is rehearsed. */
  public void mark(Request request) {
    request.setAttribute(ATTRIBUTE, resource);
  }
}
