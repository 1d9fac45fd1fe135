package dev.acuse;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code sandbox}: a MercadoPago and a GoHighLevel on this machine, until interrupted. Prints the
 * environment that makes Acuse use them and the calls that pay, refund and break things.
 */
public final class SandboxCommand extends Command {
  private final PrintStream out;
  private final CountDownLatch stop;

  /** Prints to standard output and runs until the process is told to end. */
  public SandboxCommand() {
    this(System.out, new CountDownLatch(1));
  }

  SandboxCommand(PrintStream out, CountDownLatch stop) {
    super("sandbox", "Runs a MercadoPago and a GoHighLevel on this machine, until Ctrl-C.");
    this.out = out;
    this.stop = stop;
  }

  @Override
  public void configure(Subparser subparser) {
    subparser
        .addArgument("--mp-port")
        .type(Integer.class)
        .setDefault(9091)
        .help("port of MercadoPago and of the sandbox's own levers; 0 for a free one");
    subparser
        .addArgument("--ghl-port")
        .type(Integer.class)
        .setDefault(9092)
        .help("port of GoHighLevel; 0 for a free one");
    subparser
        .addArgument("--notify-url")
        .metavar("URL")
        .help("send a notification there for each payment and change");
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace) throws InterruptedException {
    var options =
        SandboxOptions.defaults(InstantSource.system())
            .withPorts(namespace.getInt("mp_port"), namespace.getInt("ghl_port"));
    try (Sandbox sandbox = Sandbox.start(options)) {
      sandbox.goHighLevel().createUnknownContacts(true);
      String notifyUrl = namespace.getString("notify_url");
      if (notifyUrl != null) {
        sandbox.announceSales(sandbox.mercadoPago().seller(), URI.create(notifyUrl));
      }
      describe(sandbox, notifyUrl);
      // An interrupt ends the process with its daemon threads; nothing here has to be saved.
      stop.await();
    }
  }

  /** A line instead of a stack trace: mostly a port is taken. */
  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    cli.getStdErr().println(e.getMessage() == null ? e.toString() : e.getMessage());
  }

  private void describe(Sandbox sandbox, @Nullable String notifyUrl) {
    SandboxOptions.Credentials credentials = sandbox.options().credentials();
    out.printf(
        """
        The sandbox runs until Ctrl-C. For Acuse:

          export MP_BASE_URL=%s
          export MP_ACCESS_TOKEN=%s
          export MP_WEBHOOK_SECRET=%s
          export GHL_BASE_URL=%s
          export GHL_TOKEN=%s
          export GHL_LOCATION_ID=%s

        """,
        sandbox.mercadoPagoUrl(),
        credentials.accessToken(),
        credentials.webhookSecret(),
        sandbox.goHighLevelUrl(),
        credentials.goHighLevelToken(),
        credentials.locationId());
    out.printf(
        """
        Pay a checkout that Acuse registered, well or badly, refund it, break an API, add a
        seller, look:

          curl -X POST '%1$s/_sandbox/pay?external_reference=order-1&status=approved'
          curl -X POST '%1$s/_sandbox/refund?payment_id=ID'
          curl -X POST '%1$s/_sandbox/faults?target=gohighlevel&kind=status&status=503&times=5'
          curl -X POST '%1$s/_sandbox/seller?id=2001'
          curl '%1$s/_sandbox/state'

        %2$s
        """,
        sandbox.mercadoPagoUrl(),
        notifyUrl == null
            ? "Nobody is notified; --notify-url http://localhost:8080/webhooks/mp changes that."
            : "Notifications go to " + notifyUrl + ".");
  }
}
