package dev.acuse;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.database.Schema;
import dev.acuse.process.Causes;
import dev.acuse.process.SetupException;
import dev.acuse.text.Text;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import java.io.PrintWriter;
import java.net.BindException;
import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Says in a line what an operator can mend, of whatever made a command fail. What is not foreseen
 * here is a mistake of ours, and shows where it happened.
 */
final class Mistakes {
  private static final int LONGEST = 1_000;

  private Mistakes() {}

  /** Prints why a command failed: a line each, or a stack trace if the failure is ours. */
  static void print(Cli cli, Throwable failure) {
    PrintWriter err = cli.getStdErr();
    String text = text(failure);
    if (text == null) {
      failure.printStackTrace(err);
    } else {
      text.lines().map(line -> Text.line(line, LONGEST)).forEach(err::println);
    }
    err.flush();
  }

  /** A line for each mistake; null if there is none of an operator's. */
  static @Nullable String text(Throwable failure) {
    return Causes.first(failure, Mistakes::ofCause);
  }

  private static @Nullable String ofCause(Throwable cause) {
    if (cause instanceof ConfigurationException) {
      return cause.getMessage();
    }
    if (cause instanceof SetupException) {
      return oneLine(cause);
    }
    if (DatabaseTrouble.isFileInUse(cause)) {
      return "database.url (DATABASE_URL): the H2 file is open in another process; one process at a"
          + " time may use it";
    }
    if (cause instanceof SQLException || cause instanceof JdbiException) {
      return ofDatabase(cause);
    }
    if (cause instanceof Schema.SchemaException) {
      String database = Causes.first(cause, Mistakes::ofSql);
      return database == null ? oneLine(cause) : database;
    }
    return cause instanceof BindException
        ? "the port of server.applicationConnectors (PORT) or server.adminConnectors (ADMIN_PORT) is"
            + " in use by another process: "
            + cause.getMessage()
        : null;
  }

  private static @Nullable String ofSql(Throwable cause) {
    return cause instanceof SQLException ? ofDatabase(cause) : null;
  }

  private static String ofDatabase(Throwable failure) {
    String said = oneLine(Causes.root(failure));
    if (DatabaseTrouble.isWrongLogin(failure)) {
      return "database.user and database.password (DATABASE_USER, DATABASE_PASSWORD) are refused: "
          + said;
    }
    return "database.url (DATABASE_URL) leads to a database that cannot be used: " + said;
  }

  private static String oneLine(Throwable failure) {
    String message = failure.getMessage();
    return Text.line(message == null ? failure.getClass().getSimpleName() : message, LONGEST);
  }
}
