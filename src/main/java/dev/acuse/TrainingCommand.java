package dev.acuse;

import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import dev.acuse.process.SetupException;
import dev.acuse.sandbox.CheckoutTraffic;
import dev.acuse.sandbox.PaymentAnnouncer;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.TrafficPlan;
import dev.acuse.sandbox.http.BoundedExchange;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.inf.Namespace;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * {@code training config.yml}: the service does once what it does all day, on a database of its own
 * and beside a sandbox, and ends. {@link ArchiveCommand} has the JVM write down which classes that
 * takes.
 */
final class TrainingCommand extends AcuseServerCommand {
  static final String NAME = "training";

  private static final String FOLDER = "ACUSE_TRAINING_FOLDER";

  private static final int CUSTOMERS = 5;
  private static final long SEED = 20_260_302;
  private static final Duration PACE = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> PAGES =
      List.of(
          "/health-check?type=ready",
          "/api/webhook-events",
          "/api/payments",
          "/api/stats",
          "/console/events",
          "/console/payments",
          "/console/checkouts",
          "/console/health");
  private static final List<String> ADMIN_PAGES = List.of("/healthcheck", "/metrics");

  private final InstantSource clock;
  private final HttpClient client = HttpClient.newHttpClient();
  private @Nullable Sandbox sandbox;

  TrainingCommand(AcuseApplication application, InstantSource clock) {
    super(application, NAME, "What the command archive observes: starts, works and ends");
    this.clock = clock;
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
    String folder = System.getenv(FOLDER);
    if (folder == null) {
      throw new SetupException("this is a part of the command archive; run that");
    }
    Sandbox started = Sandbox.start(SandboxOptions.defaults(clock).withSeed(SEED));
    sandbox = started;
    SandboxedService.configure(started, Path.of(folder));
    System.setProperty("dw.health.shutdownWaitPeriod", "0s");
    super.run(bootstrap, namespace);
  }

  @Override
  protected void run(Environment environment, Namespace namespace, AcuseConfiguration configuration)
      throws Exception {
    ScheduledExecutorService timer =
        environment.lifecycle().scheduledExecutorService("training").threads(1).build();
    environment
        .lifecycle()
        .addServerLifecycleListener(
            server ->
                DaemonThreads.numbered("trainer").newThread(() -> train(server, timer)).start());
    super.run(environment, namespace, configuration);
  }

  private void train(Server server, ScheduledExecutorService timer) {
    int status = 1;
    try {
      URI acuse = address(server, 0);
      work(acuse, timer);
      for (String page : PAGES) {
        read(acuse.resolve(page));
      }
      for (String page : ADMIN_PAGES) {
        read(address(server, 1).resolve(page));
      }
      status = 0;
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      FatalErrors.haltOn(e);
      System.err.println("the training could not be ended: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // The server is stopped by that; the JVM writes what it was asked for afterwards.
    System.exit(status);
  }

  private void work(URI acuse, ScheduledExecutorService timer)
      throws ExecutionException, TimeoutException, InterruptedException {
    Sandbox its = Objects.requireNonNull(sandbox);
    its.mercadoPago()
        .onPaymentChanged(
            new PaymentAnnouncer(its.notifier(acuse.resolve("/webhooks/mp")), SEED, List.of()));
    var plan = new TrafficPlan(acuse, null, CUSTOMERS, PACE, SEED);
    try (var traffic = new CheckoutTraffic(plan, its, timer, line -> {})) {
      traffic.start();
      traffic.done().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Whatever it is answered: a health check may well find fault with this short life. */
  private void read(URI page) throws ExecutionException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(page).timeout(PATIENCE).build();
    var unused = BoundedExchange.send(client, request, PATIENCE).get();
  }

  private static URI address(Server server, int connector) {
    int port = ((NetworkConnector) server.getConnectors()[connector]).getLocalPort();
    return URI.create("http://127.0.0.1:" + port);
  }

  /**
   * The environment of a process that trains: its folder, and whichever ports are free, because the
   * service itself may be running.
   */
  static Map<String, String> environment(Path folder) {
    return Map.of(
        FOLDER, folder.toString(), "LOG_DIR", folder.toString(), "PORT", "0", "ADMIN_PORT", "0");
  }

  /** Deletes the folder that it has worked in. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
