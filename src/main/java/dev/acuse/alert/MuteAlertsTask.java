package dev.acuse.alert;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.admin.OperatorTask;
import dev.acuse.admin.TaskStatus;
import dev.acuse.condition.Condition;
import dev.acuse.http.Parameter;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * {@code mute-alerts}: nobody is told of one kind, or of anything, for a while; of one account, or
 * of all.
 */
final class MuteAlertsTask extends OperatorTask {
  private static final Pattern DURATION = Pattern.compile("[0-9]{1,6} ?[a-z]+");
  private static final Duration LONGEST = Duration.ofDays(30);

  private final AlertStore store;
  private final List<String> kinds;
  private final Accounts accounts;

  /**
   * @param kinds all that there are
   * @param accounts by whose names one is muted
   */
  MuteAlertsTask(AlertStore store, List<String> kinds, Accounts accounts, TaskStatus status) {
    super("mute-alerts", status, "kind", "for", "account");
    this.accounts = accounts;
    this.store = store;
    this.kinds = kinds;
  }

  @Override
  public String perform(Parameters parameters) {
    String kind = parameters.get("kind").oneOf(kinds.toArray(new String[0]), Function.identity());
    Duration time = time(parameters.get("for"));
    Parameter named = parameters.get("account");
    long account = account(named);
    String what =
        (kind == null ? "anything" : kind)
            + (named.value() == null ? "" : " of account " + named.value());
    String target = what + " for " + time.toMinutes() + " minutes";
    store.mute(account, kind == null ? AlertStore.ALL : kind, time, request("mute-alerts"), target);
    return "Nobody is told of " + target + ".";
  }

  private long account(Parameter named) {
    String name = named.value();
    return name == null
        ? Condition.INSTALLATION
        : accounts
            .current()
            .byName(name)
            .map(Account::id)
            .orElseThrow(() -> named.invalid("must be the name of an account"));
  }

  private static Duration time(Parameter parameter) {
    String value = parameter.value();
    if (value != null && DURATION.matcher(value).matches()) {
      try {
        Duration time = io.dropwizard.util.Duration.parse(value).toJavaDuration();
        if (time.compareTo(LONGEST) <= 0) {
          return time;
        }
      } catch (IllegalArgumentException e) {
        // said below
      }
    }
    throw parameter.invalid("must be a duration such as 2h, of 30 days at most");
  }
}
