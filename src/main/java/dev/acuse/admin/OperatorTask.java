package dev.acuse.admin;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.text.Legible;
import io.dropwizard.servlets.tasks.Task;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task of the admin port that says what it did, refuses what is wrong or impossible with a reason
 * and a fitting status, and never prints an exception: its text may hold an address or more. Each
 * call is logged.
 */
public abstract class OperatorTask extends Task {
  private static final Logger LOGGER = LoggerFactory.getLogger(OperatorTask.class);
  private static final int MAX_LOGGED = 500;

  /** A parameter of this name reaches no log, unless a task has other {@link #secrets}. */
  protected static final String PASSWORD = "password";

  /** There are no users at this port. */
  public static final String ACTOR = "the admin port";

  private final TaskStatus status;
  private final Set<String> known;

  /**
   * @param known names of the parameters; any other is refused, for a typo must not widen what is
   *     done
   */
  public OperatorTask(String name, TaskStatus status, String... known) {
    super(name);
    this.status = status;
    this.known = Set.of(known);
  }

  /** For the audit: what is done by whoever reached the port. */
  public static OperatorRequest request(String action) {
    return new OperatorRequest(ACTOR, action, null);
  }

  /**
   * Does it, and says in few lines what was done.
   *
   * @throws ProblemException if it is refused
   */
  public abstract String perform(Parameters parameters);

  /** What the log says of what was done; the same, unless that is long. */
  protected String logged(String done) {
    return done;
  }

  /**
   * Says by the status of the answer that the work goes on after it (202, RFC 9110 section 15.3.3).
   */
  protected final void goesOn() {
    status.set(202);
  }

  /** What the caller sent, each name once. */
  public record Parameters(Map<String, String> values) {
    /** A parameter by its name, to be read as what it should be. */
    public Parameter get(String name) {
      return new Parameter(name, values.get(name));
    }
  }

  @Override
  public final void execute(Map<String, List<String>> sent, PrintWriter output) {
    try {
      Parameters parameters = read(sent);
      String done = perform(parameters);
      LOGGER.info("task {} {}: {}", getName(), cut(shown(parameters)), logged(done));
      output.println(Legible.lines(done));
    } catch (ProblemException refusal) {
      LOGGER.warn("task {} refused: {}", getName(), refusal.detail());
      status.set(refusal.getResponse().getStatus());
      output.println(Legible.lines(String.valueOf(refusal.detail())));
    } catch (RuntimeException e) {
      UUID id = UUID.randomUUID();
      LOGGER.error("task {} failed, {}", getName(), id, e);
      boolean outage = DatabaseTrouble.isOutage(e);
      status.set(outage ? 503 : 500);
      output.println(
          (outage ? "The database is out of reach" : "The task failed")
              + "; the log knows more under "
              + id
              + ".");
    }
  }

  private Parameters read(Map<String, List<String>> sent) {
    Map<String, String> values = new TreeMap<>();
    sent.forEach(
        (name, all) -> {
          if (!known.contains(name)) {
            throw ProblemException.of(
                ProblemCode.INVALID_PARAMETER, "Unknown parameter. " + usage());
          }
          if (all.size() != 1) {
            throw ProblemException.invalidParameter(name, "must be given only once");
          }
          values.put(name, all.get(0));
        });
    return new Parameters(values);
  }

  private String usage() {
    return known.isEmpty()
        ? "This task takes none."
        : "Known are: " + String.join(", ", known.stream().sorted().toList()) + ".";
  }

  /** The parameters that reach no log. */
  protected Set<String> secrets() {
    return Set.of(PASSWORD);
  }

  private String shown(Parameters parameters) {
    Map<String, String> shown = new TreeMap<>(parameters.values());
    shown.replaceAll((name, value) -> secrets().contains(name) ? "…" : value);
    return shown.toString();
  }

  private static String cut(String text) {
    return text.length() <= MAX_LOGGED ? text : text.substring(0, MAX_LOGGED) + "…";
  }
}
