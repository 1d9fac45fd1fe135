package dev.acuse;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.mercadopago.reconciliation.AccountReconciler;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun;
import dev.acuse.mercadopago.reconciliation.ReconciliationWindow;
import io.dropwizard.core.cli.Cli;
import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Argument;
import net.sourceforge.argparse4j.inf.ArgumentParser;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code reconcile config.yml}: compares one window with MercadoPago and ends. What it queues is
 * worked off by a service, or by {@code process}.
 */
final class ReconcileCommand extends DatabaseCommand {
  private final PrintStream out;

  ReconcileCommand(PrintStream out, Runnable onBroken) {
    super(
        "reconcile",
        "Asks MercadoPago what changed, and queues what is not so here",
        "reconcile",
        "nothing was compared.",
        onBroken);
    this.out = out;
  }

  @Override
  public void configure(Subparser subparser) {
    super.configure(subparser);
    subparser
        .addArgument("--from")
        .type(ReconcileCommand::time)
        .help("where the window begins; by default where the last one ended, less the overlap");
    subparser
        .addArgument("--to")
        .type(ReconcileCommand::time)
        .help("where the window ends; by default now");
    subparser
        .addArgument("--account")
        .setDefault(Account.MAIN_NAME)
        .help("whose payments are compared; by default those of main");
    subparser.addArgument("--dry-run").action(Arguments.storeTrue()).help("only count");
  }

  private static Instant time(ArgumentParser parser, Argument argument, String value)
      throws ArgumentParserException {
    try {
      return OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeException e) {
      throw new ArgumentParserException(
          "must be a time as in RFC 3339, such as 2026-03-02T14:05:09Z", e, parser, argument);
    }
  }

  @Override
  void run(Namespace namespace, AcuseConfiguration config, Database database, Processing processing)
      throws Exception {
    Accounts accounts = processing.accounts();
    Account account =
        accounts
            .current()
            .byName(namespace.getString("account"))
            .orElseThrow(() -> new NoSuchAccountException("must be the name of an account"));
    AccountReconciler reconciler =
        processing.reconciler(config, accounts, database).of(account.id());
    Reconciler.Requested requested =
        reconciler.request(
            namespace.get("from"),
            namespace.get("to"),
            namespace.getBoolean("dry_run"),
            "the command");
    reconciler.cycle(false);
    out.println(
        requested.end().getNow(requested.run()).status() == ReconciliationRun.Status.WAITING
            ? "Run %d waits: MercadoPago is out, or another instance is comparing now."
                .formatted(requested.run().id())
            : requested.end().join().summary());
  }

  private static final class NoSuchAccountException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private NoSuchAccountException(String message) {
      super(message);
    }
  }

  /** A line instead of a stack trace where the reader can do something about it. */
  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    if (e instanceof ReconciliationWindow.InvalidException) {
      cli.getStdErr().println("--from " + e.getMessage());
    } else if (e instanceof NoSuchAccountException || e instanceof Reconciler.NotActiveException) {
      cli.getStdErr().println("--account " + e.getMessage());
    } else {
      super.onError(cli, namespace, e);
    }
  }
}
