package dev.acuse.desk;

import dev.acuse.gohighlevel.GoHighLevelClient;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks MercadoPago and the CRM what credentials can do, and changes nothing. It asks past breakers
 * and rates, and so only a few times at once. What is out or refuses is an answer; it never fails.
 */
public final class CredentialCheck {
  private static final Logger LOGGER = LoggerFactory.getLogger(CredentialCheck.class);
  private static final int AT_ONCE = 4;

  /** Below the time after which the admin port closes a connection that is silent. */
  private static final Duration PATIENCE = Duration.ofSeconds(18);

  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final MercadoPagoClient mercadoPago;
  private final GoHighLevelClient goHighLevel;
  private final boolean searches;
  private final InstantSource clock;
  private final Duration patience;
  private final Semaphore turns = new Semaphore(AT_ONCE);

  /**
   * @param mercadoPago of whatever account
   * @param goHighLevel of whatever account
   * @param searches whether contacts are searched by e-mail
   * @param clock this machine's
   */
  public CredentialCheck(
      MercadoPagoClient mercadoPago,
      GoHighLevelClient goHighLevel,
      boolean searches,
      InstantSource clock) {
    this(mercadoPago, goHighLevel, searches, clock, PATIENCE);
  }

  /**
   * @param patience how long all of it may take
   */
  CredentialCheck(
      MercadoPagoClient mercadoPago,
      GoHighLevelClient goHighLevel,
      boolean searches,
      InstantSource clock,
      Duration patience) {
    this.mercadoPago = mercadoPago;
    this.goHighLevel = goHighLevel;
    this.searches = searches;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Asks both systems beside each other.
   *
   * @throws ProblemException 429 if too many others are asked for
   */
  public CredentialReport look(Credentials credentials) {
    if (!turns.tryAcquire()) {
      throw ProblemException.of(
              ProblemCode.TOO_MANY_REQUESTS, "Other accounts are being tested. Please try again.")
          .retryAfter(AGAIN);
    }
    ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.numbered("account-test"));
    try {
      long end = System.nanoTime() + patience.toNanos();
      Future<CredentialReport.MercadoPago> atMercadoPago =
          threads.submit(
              () ->
                  new MercadoPagoProbe(
                          mercadoPago.as(credentials.accessToken().value(), null), clock)
                      .look(credentials.accessToken(), credentials.sellerId()));
      Future<CredentialReport.Crm> atCrm =
          threads.submit(
              () ->
                  new CrmProbe(
                          goHighLevel.as(credentials.crmToken().value(), credentials.locationId()),
                          searches)
                      .look(credentials.crmToken(), credentials.locationId()));
      return new CredentialReport(
          await(atMercadoPago, end, CredentialReport.MercadoPago::only),
          await(atCrm, end, CredentialReport.Crm::only));
    } finally {
      threads.shutdownNow();
      turns.release();
    }
  }

  private <T> T await(Future<T> look, long end, Function<Ability, T> only) {
    try {
      return look.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return only.apply(
          Ability.untold("token", "it was not told within " + patience.toSeconds() + " s"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return only.apply(Ability.untold("token", "the test was interrupted"));
    } catch (ExecutionException e) {
      FatalErrors.haltOn(e);
      LOGGER.error("credentials could not be tested", e);
      return only.apply(Ability.untold("token", "the test failed; the log knows more"));
    }
  }
}
