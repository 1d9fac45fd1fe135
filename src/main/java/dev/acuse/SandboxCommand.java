package dev.acuse;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** {@code sandbox}: a MercadoPago and a GoHighLevel on this machine, until Ctrl-C. */
final class SandboxCommand extends Command {
  private final InstantSource clock;
  private final PrintStream out;

  SandboxCommand(InstantSource clock, PrintStream out) {
    super("sandbox", "Runs a MercadoPago and a GoHighLevel on this machine");
    this.clock = clock;
    this.out = out;
  }

  @Override
  public void configure(Subparser parser) {
    parser.addArgument("--mp-port").type(Integer.class).setDefault(9091).help("MercadoPago's port");
    parser
        .addArgument("--ghl-port")
        .type(Integer.class)
        .setDefault(9092)
        .help("GoHighLevel's port");
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace) throws InterruptedException {
    var options =
        SandboxOptions.onPorts(namespace.getInt("mp_port"), namespace.getInt("ghl_port"), clock);
    var stopped = new CountDownLatch(1);
    try (Sandbox sandbox = Sandbox.start(options)) {
      Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
      out.printf(
          """
          The sandbox is up. Start Acuse against it:

            MP_BASE_URL=%s MP_ACCESS_TOKEN=%s MP_WEBHOOK_SECRET=%s \\
            GHL_BASE_URL=%s GHL_TOKEN=%s GHL_LOCATION_ID=%s \\
            java -jar target/acuse.jar server config.yml

          Steer it, for example:

            curl -X POST '%s/_sandbox/contact?id=contact-1'
            curl -X POST '%s/_sandbox/pay?external_reference=order-1&status=approved'
            curl -X POST '%s/_sandbox/faults?target=gohighlevel&kind=server_error&times=5'
            curl '%s/_sandbox/state'
          """,
          sandbox.mercadoPagoUrl(),
          options.accessToken(),
          options.webhookSecret(),
          sandbox.goHighLevelUrl(),
          options.ghlToken(),
          options.locationId(),
          sandbox.mercadoPagoUrl(),
          sandbox.mercadoPagoUrl(),
          sandbox.mercadoPagoUrl(),
          sandbox.mercadoPagoUrl());
      stopped.await();
    }
  }
}
