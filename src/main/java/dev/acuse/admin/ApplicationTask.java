package dev.acuse.admin;

import dev.acuse.access.Grantor;
import dev.acuse.account.Application;
import dev.acuse.account.ApplicationChange;
import dev.acuse.desk.AccountDesk;
import dev.acuse.http.Parameter;
import dev.acuse.text.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code application}: makes, changes, lists and removes applications at MercadoPago. */
public final class ApplicationTask extends OperatorTask {
  /** The task's name. */
  public static final String NAME = "application";

  /** The fields that {@code remove} may name. */
  public static final Set<String> REMOVABLE =
      Set.of("client_id", "client_secret", "webhook_secrets");

  private static final Set<String> SECRETS = Set.of("client_secret", "webhook_secrets");
  private static final Grantor GRANTOR = Grantor.root(ACTOR);

  private final AccountDesk desk;

  /** Shows and changes the applications of a desk. */
  public ApplicationTask(AccountDesk desk, TaskStatus status) {
    super(
        NAME,
        status,
        "do",
        "name",
        "all",
        "client_id",
        "client_secret",
        "webhook_secrets",
        "remove");
    this.desk = desk;
  }

  private enum Deed {
    ADD,
    LIST,
    REMOVE,
    SET
  }

  @Override
  public String perform(Parameters parameters) {
    return switch (AccessParameters.deed(parameters, Deed.values())) {
      case LIST -> list(parameters.get("all").flag());
      case ADD ->
          "Application %s is made."
              .formatted(
                  desk.addApplication(
                          AccountParameters.name(parameters), change(parameters), GRANTOR)
                      .name());
      case SET -> {
        Application changed =
            desk.changeApplication(AccountParameters.name(parameters), change(parameters), GRANTOR);
        yield "Application %s is changed:\n%s".formatted(changed.name(), line(changed));
      }
      case REMOVE ->
          "Application %s is removed; its secrets are gone, and its name is never given again."
              .formatted(
                  desk.removeApplication(AccountParameters.name(parameters), GRANTOR).name());
    };
  }

  private static ApplicationChange change(Parameters parameters) {
    List<String> removed = AccountParameters.removed(parameters, REMOVABLE);
    for (String field : removed) {
      Parameter both = parameters.get(field);
      if (both.value() != null) {
        throw both.invalid("is given, and named by 'remove'");
      }
    }
    ApplicationChange change = ApplicationChange.NONE;
    String clientId = parameters.get("client_id").value();
    if (clientId != null || removed.contains("client_id")) {
      change = change.withClientId(clientId);
    }
    String clientSecret = parameters.get("client_secret").value();
    if (clientSecret != null || removed.contains("client_secret")) {
      change = change.withClientSecret(Secret.of(clientSecret));
    }
    String webhookSecrets = parameters.get("webhook_secrets").value();
    if (webhookSecrets != null || removed.contains("webhook_secrets")) {
      change = change.withWebhookSecrets(webhookSecrets == null ? null : secrets(webhookSecrets));
    }
    return change;
  }

  /** None holds a blank, so that blanks stand between them. */
  private static List<Secret> secrets(String text) {
    return Arrays.stream(text.split("\\s+", -1)).map(Secret::of).toList();
  }

  private String list(boolean all) {
    List<Application> found = new ArrayList<>(desk.applications(false));
    if (all) {
      found.addAll(desk.applications(true));
    }
    return found.stream().map(ApplicationTask::line).collect(Collectors.joining("\n"));
  }

  private static String line(Application application) {
    String secrets =
        application.webhookSecrets().stream()
            .map(AccountParameters::tail)
            .collect(Collectors.joining(","));
    return "%s  %s  client id %s  client secret %s  webhook secrets %s"
        .formatted(
            application.name(),
            application.isHidden() ? "removed" : "active",
            Objects.requireNonNullElse(application.clientId(), "unknown"),
            AccountParameters.tail(application.clientSecret()),
            secrets.isEmpty() ? "none" : secrets);
  }

  @Override
  protected Set<String> secrets() {
    return SECRETS;
  }
}
