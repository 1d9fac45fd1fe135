package dev.acuse;

import dev.acuse.sandbox.SandboxOptions.Credentials;
import dev.acuse.sandbox.TriggerSample;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.text.Legible;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.concurrent.ForkJoinPool;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code trigger payment.approved --to http://localhost:8080/webhooks/mp}: sends one signed sample
 * notification and fails unless it is accepted.
 */
public final class TriggerCommand extends Command {
  private static final String EXAMPLE = "http://localhost:8080/webhooks/mp";

  private final PrintStream out;
  private final @Nullable String configuredSecrets;

  /** Prints to standard output; signs with what {@code MP_WEBHOOK_SECRET} says. */
  public TriggerCommand() {
    this(System.out, System.getenv("MP_WEBHOOK_SECRET"));
  }

  /**
   * Prints to the given stream.
   *
   * @param configuredSecrets comma-separated; the first one signs. Null for the sandbox's own
   */
  TriggerCommand(PrintStream out, @Nullable String configuredSecrets) {
    super("trigger", "Sends one signed sample notification, as MercadoPago would.");
    this.out = out;
    this.configuredSecrets = configuredSecrets;
  }

  @Override
  public void configure(Subparser subparser) {
    subparser
        .addArgument("sample")
        .choices(TriggerSample.names())
        .help("which notification to send");
    subparser
        .addArgument("--to")
        .required(true)
        .metavar("URL")
        .help("where to send it, for example http://localhost:8080/webhooks/mp");
    subparser
        .addArgument("--secret")
        .metavar("SECRET")
        .help("signs it; by default the first of MP_WEBHOOK_SECRET, else the sandbox's secret");
    subparser
        .addArgument("--id")
        .metavar("ID")
        .help(
            "of the payment, order, chargeback or whatever it is about (default: %s for payments,"
                    .formatted(Notifications.SIMULATED_ID)
                + " which MercadoPago's panel simulates, else an invented one)");
    subparser
        .addArgument("--payment-id")
        .metavar("NUMBER")
        .type(Long.class)
        .help("names a payment in the body of an order, chargeback or fraud alert");
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace) throws IOException {
    TriggerSample sample = TriggerSample.of(namespace.getString("sample")).orElseThrow();
    Credentials sandbox = Credentials.invented();
    var notifications =
        new Notifications(
            secret(namespace.getString("secret"), sandbox),
            sandbox.collectorId(),
            InstantSource.system());
    Notification notification = notification(sample, notifications, namespace);
    URI url = address(namespace.getString("to"));
    out.println("POST " + url + " " + notification.query());
    Notifier.Answer answer =
        new Notifier(url, notifications, ForkJoinPool.commonPool()).send(notification);
    out.println(answer.status() + " " + Legible.lines(answer.body()));
    if (!answer.isAccepted()) {
      throw new IOException("not accepted: MercadoPago would send it again");
    }
  }

  private static Notification notification(
      TriggerSample sample, Notifications notifications, Namespace namespace) throws IOException {
    try {
      return sample.build(
          notifications, namespace.getString("id"), namespace.getLong("payment_id"));
    } catch (IllegalArgumentException e) {
      throw new IOException("--id: " + e.getMessage());
    }
  }

  /** What is printed must hold no password, and so the address may not. */
  private static URI address(String text) throws IOException {
    try {
      var url = new URI(text);
      if (url.getHost() != null && url.getRawUserInfo() == null && url.getRawQuery() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Its message holds the text.
      throw new IOException("--to must be a URL, for example " + EXAMPLE);
    }
    throw new IOException("--to must be a URL without user and query, for example " + EXAMPLE);
  }

  /** A line instead of a stack trace; the exit status says the same. */
  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    cli.getStdErr().println(e.getMessage() == null ? e.toString() : e.getMessage());
  }

  private String secret(@Nullable String given, Credentials sandbox) {
    if (given != null) {
      return given;
    }
    if (configuredSecrets != null && !configuredSecrets.isBlank()) {
      int comma = configuredSecrets.indexOf(',');
      return (comma < 0 ? configuredSecrets : configuredSecrets.substring(0, comma)).strip();
    }
    return sandbox.webhookSecret();
  }
}
