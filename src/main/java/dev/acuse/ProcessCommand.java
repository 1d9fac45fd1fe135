package dev.acuse;

import dev.acuse.dispatch.BatchRunner;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.Ledger;
import dev.acuse.inbox.Pause;
import dev.acuse.inbox.PauseSwitch;
import dev.acuse.remote.RemoteSystem;
import io.dropwizard.util.Duration;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Argument;
import net.sourceforge.argparse4j.inf.ArgumentParser;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code process config.yml}: works off what is due and ends, for those who run it from cron; with
 * {@code --loop} it goes on until it is stopped.
 */
final class ProcessCommand extends DatabaseCommand {
  private final PrintStream out;
  private final CountDownLatch stopped = new CountDownLatch(1);

  ProcessCommand(PrintStream out, Runnable onBroken) {
    super(
        "process",
        "Processes events that are due, once or in a loop",
        "process-due",
        "nothing was processed.",
        onBroken);
    this.out = out;
  }

  @Override
  public void configure(Subparser subparser) {
    super.configure(subparser);
    subparser
        .addArgument("--limit")
        .type(Integer.class)
        .choices(Arguments.range(1, 100_000))
        .setDefault(10)
        .help("at most so many attempts a run");
    subparser
        .addArgument("--loop")
        .action(Arguments.storeTrue())
        .help("go on until stopped, instead of once");
    subparser
        .addArgument("--every")
        .type(ProcessCommand::duration)
        .setDefault(Duration.seconds(60))
        .help("with --loop: how long to wait between runs");
  }

  private static Duration duration(ArgumentParser parser, Argument argument, String value)
      throws ArgumentParserException {
    try {
      return Duration.parse(value);
    } catch (IllegalArgumentException e) {
      throw new ArgumentParserException(
          "must be a duration such as 60s or 5m", e, parser, argument);
    }
  }

  @Override
  void run(Namespace namespace, AcuseConfiguration config, Database database, Processing processing)
      throws Exception {
    // This command shares the rates with the service, and is in no book.
    var ledger = new Ledger(database.jdbi(), database.clock());
    processing.instances().set(ledger.live().size() + 1);
    var pauses = new PauseSwitch(database.jdbi(), database.clock(), processing.events().due());
    try (var batch =
        new BatchRunner(
            processing.events(),
            processing.runner(),
            processing.lanes(),
            config.dispatch(),
            processing.owner())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(batch), "stop"));
      int limit = namespace.getInt("limit");
      Duration every = namespace.get("every");
      do {
        out.println(
            pauses
                .paused()
                .map(ProcessCommand::say)
                .orElseGet(() -> work(processing, batch, limit)));
      } while (namespace.getBoolean("loop")
          && !stopped.await(every.toMilliseconds(), TimeUnit.MILLISECONDS));
    }
  }

  private void stop(BatchRunner batch) {
    stopped.countDown();
    batch.close();
  }

  private static String say(Pause pause) {
    return "the inbox is paused since %s by %s: nothing is processed"
        .formatted(pause.pausedAt(), pause.pausedBy());
  }

  private static String say(RemoteSystem.State state) {
    return switch (state) {
      case UP, OUT -> " is out";
      case REFUSED -> " refuses our token";
      case NO_TOKEN -> " has no token yet";
    };
  }

  private static String work(Processing processing, BatchRunner batch, int limit) {
    List<Long> attempted = batch.runDue(limit);
    String out =
        processing.downstreams().stream()
            .filter(downstream -> !downstream.isUp())
            .map(downstream -> "; " + downstream.name() + say(downstream.state()))
            .collect(Collectors.joining());
    return attempted.isEmpty()
        ? "nothing is due" + out
        : "%d attempts; of the events, %s%s"
            .formatted(attempted.size(), statuses(processing.eventReader(), attempted), out);
  }

  private static String statuses(EventReader events, List<Long> ids) {
    Map<EventStatus, Integer> counts = new EnumMap<>(EventStatus.class);
    for (Long id : new LinkedHashSet<>(ids)) {
      events
          .find(Scope.everything(), id)
          .ifPresent(event -> counts.merge(event.status(), 1, Integer::sum));
    }
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " are now " + entry.getKey().code())
        .collect(Collectors.joining(", "));
  }
}
