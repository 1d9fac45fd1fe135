package dev.acuse;

import dev.acuse.account.AccountStore;
import dev.acuse.account.seal.Keys;
import dev.acuse.admin.NoServiceException;
import dev.acuse.admin.RunningService;
import dev.acuse.database.h2.H2Url;
import dev.acuse.move.Move;
import dev.acuse.move.MoveTarget;
import dev.acuse.process.SetupException;
import dev.acuse.recovery.H2Access;
import dev.acuse.recovery.H2Files;
import dev.acuse.text.Secret;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code move config.yml --to jdbc:postgresql://…}: moves the inbox from H2 to PostgreSQL, by the
 * running service, which takes webhooks meanwhile; where none runs, by itself.
 */
final class MoveCommand extends ConfiguredCommand<AcuseConfiguration> {
  /** The password is no argument, because every user of a machine sees those. */
  static final String PASSWORD = "ACUSE_MOVE_PASSWORD";

  private static final String TASK = "move";
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final int OK = 200;
  private static final int GOES_ON = 202;

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final UnaryOperator<@Nullable String> environment;
  private final InstantSource clock;

  /**
   * @param environment a variable's value; null if it is not set
   */
  MoveCommand(
      InputStream in,
      PrintStream out,
      PrintStream err,
      UnaryOperator<@Nullable String> environment,
      InstantSource clock) {
    super(TASK, "Moves the inbox from H2 to PostgreSQL, every row, and compares both");
    this.in = in;
    this.out = out;
    this.err = err;
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public void configure(Subparser subparser) {
    super.configure(subparser);
    subparser
        .addArgument("--to")
        .required(true)
        .metavar("URL")
        .help("an empty database, as jdbc:postgresql://host:5432/acuse");
    subparser
        .addArgument("--to-user")
        .metavar("USER")
        .help("logs in there; the password is asked for, or " + PASSWORD + " of the environment");
  }

  @Override
  protected void run(
      Bootstrap<AcuseConfiguration> bootstrap, Namespace namespace, AcuseConfiguration config)
      throws IOException {
    if (!config.isH2()) {
      throw new SetupException(
          "database.url (DATABASE_URL) leads to PostgreSQL already: it must be the H2 file that is to"
              + " be moved");
    }
    String to = namespace.getString("to");
    String user = namespace.getString("to_user");
    String password = user == null ? "" : password();
    var target = new MoveTarget(to, user, Secret.of(password));
    try {
      ask(AdminAddress.service(config), to, user, password);
    } catch (NoServiceException e) {
      out.println(alone(config, target));
    }
  }

  private String password() throws IOException {
    String given = environment.apply(PASSWORD);
    return given == null ? new HiddenPrompt(in, err).read() : given;
  }

  private String alone(AcuseConfiguration config, MoveTarget target) {
    Database.finishRestore(config);
    var files = new H2Files(H2Url.file(String.valueOf(config.database().getUrl())));
    if (!Files.exists(files.data())) {
      throw new SetupException(
          "there is no H2 file " + files.data() + ": there is nothing to move");
    }
    FloorCheck.refuse(config);
    H2Access access = H2Start.access(config.database());
    var keys = new Keys(config.accounts().key(), files.key());
    var move =
        new Move(
            files,
            target,
            clock,
            line -> out.println("  " + line),
            from -> AccountStore.keyHint(from, keys));
    move.prepare();
    return move.run(() -> access.openToRead(files.base()));
  }

  private void ask(RunningService service, String to, @Nullable String user, String password) {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("to", to);
    if (user != null) {
      parameters.put("user", user);
      parameters.put("password", password);
    }
    List<String> said = new ArrayList<>();
    int status = GOES_ON;
    while (status == GOES_ON) {
      said.clear();
      status = service.run(TASK, parameters, said::add, SILENCE);
      if (status == GOES_ON) {
        said.forEach(line -> out.println("  " + line));
      }
    }
    String text = String.join(" ", said);
    if (status != OK) {
      throw new SetupException("the service did not move the inbox, and goes on: " + text);
    }
    out.println(text);
    out.println("The service ends now.");
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable e) {
    Mistakes.print(cli, e);
  }
}
