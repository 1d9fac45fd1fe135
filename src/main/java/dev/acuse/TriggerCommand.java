package dev.acuse;

import dev.acuse.sandbox.Notifications;
import dev.acuse.sandbox.Notifier;
import dev.acuse.sandbox.Samples;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.InstantSource;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** {@code trigger payment.approved --to URL}: sends one signed sample notification. */
final class TriggerCommand extends Command {
  private static final String SAMPLE_PAYMENT = "138400000001";

  private final InstantSource clock;
  private final PrintStream out;

  TriggerCommand(InstantSource clock, PrintStream out) {
    super("trigger", "Sends one signed sample notification to a webhook's address");
    this.clock = clock;
    this.out = out;
  }

  @Override
  public void configure(Subparser parser) {
    parser.addArgument("sample").choices(Samples.names()).help("what to send");
    parser.addArgument("--to").required(true).help("for example http://localhost:8080/webhooks/mp");
    parser
        .addArgument("--secret")
        .setDefault(firstSecret())
        .help("what to sign with; by default the first of MP_WEBHOOK_SECRET");
    parser.addArgument("--id").setDefault(SAMPLE_PAYMENT).help("the payment's or order's id");
  }

  private static String firstSecret() {
    String secrets = System.getenv("MP_WEBHOOK_SECRET");
    return secrets == null || secrets.isBlank() ? "none" : secrets.split(",", 2)[0].strip();
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace)
      throws IOException, InterruptedException {
    var notifications = new Notifications(namespace.getString("secret"), clock);
    var notification =
        Samples.of(namespace.getString("sample"), notifications, namespace.getString("id"));
    Notifier.Answer answer = new Notifier(URI.create(namespace.getString("to"))).send(notification);
    out.println(answer.status() + " " + answer.body());
    if (answer.status() != 200) {
      throw new IOException("the webhook was not acknowledged: " + answer.status());
    }
  }
}
