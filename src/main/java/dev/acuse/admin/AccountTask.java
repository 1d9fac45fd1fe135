package dev.acuse.admin;

import dev.acuse.access.Grantor;
import dev.acuse.account.Account;
import dev.acuse.account.AccountChange;
import dev.acuse.account.AccountState;
import dev.acuse.account.Given;
import dev.acuse.desk.Ability;
import dev.acuse.desk.AccountDesk;
import dev.acuse.desk.AccountInput;
import dev.acuse.desk.CredentialCheck;
import dev.acuse.desk.CredentialReport;
import dev.acuse.desk.Credentials;
import dev.acuse.event.Scope;
import dev.acuse.text.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code account}: makes, changes, lists, tests and removes accounts. */
public final class AccountTask extends OperatorTask {
  /** The task's name. */
  public static final String NAME = "account";

  /** The fields that {@code remove} may name. */
  public static final Set<String> REMOVABLE =
      Set.of("access_token", "refresh_token", "crm_token", "location_id", "mp_user_id", "site");

  private static final Set<String> SECRETS = Set.of("access_token", "refresh_token", "crm_token");
  private static final Grantor GRANTOR = Grantor.root(ACTOR);

  private final AccountDesk desk;
  private final CredentialCheck check;

  /**
   * @param check tells what the credentials of an account can do
   */
  public AccountTask(AccountDesk desk, CredentialCheck check, TaskStatus status) {
    super(
        NAME,
        status,
        "do",
        "name",
        "all",
        "display_name",
        "application",
        "mp_user_id",
        "site",
        "location_id",
        "access_token",
        "refresh_token",
        "crm_token",
        "remove");
    this.desk = desk;
    this.check = check;
  }

  private enum Deed {
    ADD,
    LIST,
    PAUSE,
    REMOVE,
    RESUME,
    SET,
    TEST
  }

  @Override
  public String perform(Parameters parameters) {
    return switch (AccessParameters.deed(parameters, Deed.values())) {
      case LIST -> list(parameters.get("all").flag());
      case ADD -> {
        Account added = desk.add(AccountParameters.name(parameters), input(parameters), GRANTOR);
        yield "Account %s is made: its webhooks go to /webhooks/mp/%s."
            .formatted(added.name(), added.name());
      }
      case SET -> {
        Account changed =
            desk.change(AccountParameters.name(parameters), input(parameters), GRANTOR);
        yield "Account %s is changed:\n%s".formatted(changed.name(), line(changed));
      }
      case PAUSE ->
          "Account %s is paused: webhooks are stored, and none is processed until resume."
              .formatted(inState(parameters, AccountState.PAUSED).name());
      case RESUME ->
          "Account %s is active.".formatted(inState(parameters, AccountState.ACTIVE).name());
      case REMOVE ->
          "Account %s is disconnected; its secrets are gone, and its name is never given again."
              .formatted(desk.remove(AccountParameters.name(parameters), GRANTOR).name());
      case TEST -> test(parameters);
    };
  }

  private Account inState(Parameters parameters, AccountState state) {
    return desk.change(
        AccountParameters.name(parameters),
        new AccountInput(AccountChange.NONE, Given.not(), Given.of(state.code())),
        GRANTOR);
  }

  private static AccountInput input(Parameters parameters) {
    String application = parameters.get("application").value();
    return new AccountInput(
        change(parameters), application == null ? Given.not() : Given.of(application), Given.not());
  }

  private static AccountChange change(Parameters parameters) {
    List<String> removed = AccountParameters.removed(parameters, REMOVABLE);
    AccountChange change = AccountChange.NONE;
    String displayName = parameters.get("display_name").value();
    if (displayName != null) {
      change = change.withDisplayName(displayName);
    }
    change = field(parameters, removed, "mp_user_id", change, AccountChange::withSellerId);
    change = field(parameters, removed, "site", change, AccountChange::withSite);
    change = field(parameters, removed, "location_id", change, AccountChange::withLocationId);
    change = secret(parameters, removed, "access_token", change, AccountChange::withAccessToken);
    change = secret(parameters, removed, "refresh_token", change, AccountChange::withRefreshToken);
    return secret(parameters, removed, "crm_token", change, AccountChange::withCrmToken);
  }

  private static AccountChange field(
      Parameters parameters,
      List<String> removed,
      String name,
      AccountChange change,
      BiFunction<AccountChange, @Nullable String, AccountChange> with) {
    String value = parameters.get(name).value();
    if (value != null && removed.contains(name)) {
      throw parameters.get(name).invalid("is given, and named by 'remove'");
    }
    return value == null && !removed.contains(name) ? change : with.apply(change, value);
  }

  private static AccountChange secret(
      Parameters parameters,
      List<String> removed,
      String name,
      AccountChange change,
      BiFunction<AccountChange, @Nullable Secret, AccountChange> with) {
    return field(
        parameters,
        removed,
        name,
        change,
        (before, value) -> with.apply(before, value == null ? null : Secret.of(value)));
  }

  private String list(boolean all) {
    List<Account> found = new ArrayList<>(desk.list(Scope.everything(), null));
    if (all) {
      found.addAll(desk.list(Scope.everything(), AccountState.DISCONNECTED));
    }
    return found.stream().map(this::line).collect(Collectors.joining("\n"));
  }

  private String line(Account account) {
    return "%s  %s  application %s  seller %s  token %s  location %s  crm token %s%s"
        .formatted(
            account.name(),
            account.state().code(),
            desk.applicationOf(account).name(),
            Objects.requireNonNullElse(account.sellerId(), "unknown"),
            AccountParameters.tail(account.accessToken()),
            Objects.requireNonNullElse(account.locationId(), "none"),
            AccountParameters.tail(account.crmToken()),
            account.displayName().equals(account.name()) ? "" : "  " + account.displayName());
  }

  private String test(Parameters parameters) {
    Account account = desk.find(AccountParameters.name(parameters), Scope.everything());
    CredentialReport report = check.look(Credentials.of(account).with(change(parameters)));
    List<String> lines = new ArrayList<>();
    report.mercadoPago().abilities().forEach(ability -> lines.add(line("mercadopago", ability)));
    report.crm().abilities().forEach(ability -> lines.add(line("gohighlevel", ability)));
    lines.add(
        report.isGood()
            ? "Account " + account.name() + " can do all it needs."
            : "Account " + account.name() + " cannot do all it needs, or that cannot be told.");
    return String.join("\n", lines);
  }

  private static String line(String system, Ability ability) {
    Boolean given = ability.isGiven();
    String word = given == null ? "?" : given ? "ok" : ability.isNeeded() ? "WRONG" : "no";
    return "%-5s  %s.%s  %s".formatted(word, system, ability.name(), ability.sentence());
  }

  @Override
  protected Set<String> secrets() {
    return SECRETS;
  }

  /** Without what a list or a test has in it. */
  @Override
  protected String logged(String done) {
    return done.lines().reduce("", (before, line) -> line);
  }
}
