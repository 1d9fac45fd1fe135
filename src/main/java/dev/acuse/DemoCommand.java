package dev.acuse;

import dev.acuse.sandbox.CheckoutTraffic;
import dev.acuse.sandbox.PaymentAnnouncer;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.TrafficPlan;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.http.GarbageKind;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.sourceforge.argparse4j.inf.Namespace;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * {@code demo config.yml}: the service on an H2 file of its own, a sandbox beside it, and customers
 * who pay, while both APIs fail now and then. The screen tells what happens, a file has the log.
 * Until Ctrl-C, which prints what has come of it.
 */
final class DemoCommand extends AcuseServerCommand {
  private static final int CUSTOMERS = 15;
  private static final double FAULTY = 0.25;
  private static final Duration PACE = Duration.ofSeconds(1);
  private static final int REPORT_SECONDS = 3;
  private static final String LOG = "webhook.log";
  private static final List<Duration> REDELIVERIES =
      List.of(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(10));
  private static final long SEED = 20_260_302;

  private final InstantSource clock;
  private final PrintStream out;
  private final AtomicReference<@Nullable DemoBooks> books = new AtomicReference<>();
  private final List<String> moved = new ArrayList<>();
  private @Nullable Sandbox sandbox;
  private @Nullable Path folder;
  private volatile boolean isOver;
  private String lastReport = "";

  DemoCommand(AcuseApplication application, InstantSource clock, PrintStream out) {
    super(application, "demo", "Runs the service, a sandbox, and customers who pay");
    this.clock = clock;
    this.out = out;
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
    Path own = Files.createTempDirectory("acuse-demo-");
    folder = own;
    Sandbox started = Sandbox.start(SandboxOptions.defaults(clock).withSeed(SEED));
    sandbox = started;
    SandboxedService.configure(started, own);
    ReadConfiguration.then(
        bootstrap,
        config -> {
          config.logging().writeTo(own.resolve(LOG));
          moved.addAll(Ports.evade(config.getServerFactory()));
        });
    super.run(bootstrap, namespace);
  }

  @Override
  protected void run(Environment environment, Namespace namespace, AcuseConfiguration configuration)
      throws Exception {
    ScheduledExecutorService scheduler =
        environment.lifecycle().scheduledExecutorService("demo").threads(1).build();
    environment
        .lifecycle()
        .addServerLifecycleListener(
            server -> begin(Objects.requireNonNull(sandbox), scheduler, urlOf(server)));
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              // Before the server closes its ports, because its API is asked.
              @Override
              public void lifeCycleStopping(LifeCycle event) {
                DemoBooks last = books.getAndSet(null);
                if (last != null) {
                  List<String> summary = last.summary();
                  isOver = true;
                  summary.forEach(out::println);
                }
              }
            });
    super.run(environment, namespace, configuration);
  }

  private static URI urlOf(Server server) {
    int port = ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
    return URI.create("http://localhost:" + port);
  }

  private void begin(Sandbox its, ScheduledExecutorService scheduler, URI acuse) {
    out.println("The console is at " + acuse + "/console");
    moved.forEach(out::println);
    out.println("The inbox:  curl '" + acuse + "/api/webhook-events?limit=5'");
    out.println("The service's log:  " + Objects.requireNonNull(folder).resolve(LOG));
    out.println(
        "Beside it are a sandbox MercadoPago at %s and a sandbox GoHighLevel at %s."
            .formatted(its.mercadoPagoUrl(), its.goHighLevelUrl()));
    out.println(
        CUSTOMERS
            + " customers come now; a quarter of all look-ups and tags fails. Ctrl-C ends it.");
    its.mercadoPago()
        .faults()
        .random(FAULTY, Fault.status(500), Fault.drop(), Fault.garbage(GarbageKind.HTML));
    its.goHighLevel().faults().random(FAULTY, Fault.status(503), Fault.drop());
    var announcer =
        new PaymentAnnouncer(its.notifier(acuse.resolve("/webhooks/mp")), SEED, REDELIVERIES);
    its.mercadoPago().onPaymentChanged(announcer);
    var kept = new DemoBooks(its, announcer, acuse);
    books.set(kept);
    var traffic =
        new CheckoutTraffic(
            new TrafficPlan(acuse, null, CUSTOMERS, PACE, SEED), its, scheduler, this::say);
    traffic.start();
    var unused =
        scheduler.scheduleWithFixedDelay(
            () -> report(kept), REPORT_SECONDS, REPORT_SECONDS, TimeUnit.SECONDS);
  }

  private void report(DemoBooks kept) {
    String now = kept.progress();
    if (!now.equals(lastReport)) {
      lastReport = now;
      say(now);
    }
  }

  /** The summary is the last word, though customers come until the ports are closed. */
  private void say(String line) {
    if (!isOver) {
      out.println(line);
    }
  }
}
