package dev.acuse.account;

import dev.acuse.text.Secret;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes of applications within the turn of one transaction. */
final class ApplicationChanges {
  private final AccountStore.Turn turn;
  private final AccountFollower alongside;

  ApplicationChanges(AccountStore.Turn turn, AccountFollower alongside) {
    this.turn = turn;
    this.alongside = alongside;
  }

  Application add(String name, ApplicationChange values) {
    AccountSet present = turn.effective();
    if (present.applications().stream().anyMatch(one -> one.name().equals(name))) {
      throw AccountProblem.conflict(
          "name", "taken", "an application has or had this name, and no other ever gets it");
    }
    Instant now = turn.clock().instant();
    var fresh =
        new ApplicationRow(
            0, UUID.randomUUID().toString(), name, null, null, null, null, null, now, now, null);
    long id = turn.dao().insert(changed(fresh, values, List.of(), present));
    return turn.applicationChanged(null, id, alongside);
  }

  Application change(long id, ApplicationChange change) {
    AccountSet present = turn.effective();
    Application before = find(present, id);
    if (before.isHidden()) {
      throw AccountProblem.conflict(
          null, "hidden", "the application " + before.name() + " was removed");
    }
    if (change.equals(ApplicationChange.NONE)) {
      return before;
    }
    turn.dao().update(changed(row(id), change, before.webhookSecrets(), present));
    return turn.applicationChanged(before, id, alongside);
  }

  Application hide(long id) {
    AccountSet present = turn.effective();
    Application before = find(present, id);
    if (before.isHidden()) {
      return before;
    }
    if (id == Application.MAIN) {
      throw AccountProblem.conflict(null, "main", "the application main is always there");
    }
    List<Account> owned = present.ownedBy(id);
    if (!owned.isEmpty()) {
      throw AccountProblem.conflict(
          null,
          "in_use",
          "%d connected accounts belong to it, among them %s"
              .formatted(owned.size(), owned.get(0).name()));
    }
    ApplicationRow row = row(id);
    Instant now = turn.clock().instant();
    turn.dao()
        .update(
            new ApplicationRow(
                row.id(),
                row.uuid(),
                row.name(),
                row.clientId(),
                null,
                null,
                null,
                null,
                row.createdAt(),
                now,
                now));
    return turn.applicationChanged(before, id, alongside);
  }

  private static Application find(AccountSet present, long id) {
    return present.application(id).orElseThrow(() -> AccountProblem.missing("application"));
  }

  private ApplicationRow row(long id) {
    return turn.stored().applications().stream()
        .filter(row -> row.id() == id)
        .findFirst()
        .orElseThrow(() -> AccountProblem.missing("application"));
  }

  private ApplicationRow changed(
      ApplicationRow row,
      ApplicationChange change,
      List<HeldSecret> presentSecrets,
      AccountSet present) {
    if (change.webhookSecrets().isGiven()
        && row.id() == Application.MAIN
        && turn.environment().rules().contains(AccountField.WEBHOOK_SECRETS)) {
      throw AccountProblem.conflict(
          AccountField.WEBHOOK_SECRETS.code(),
          "set_by_environment",
          AccountField.WEBHOOK_SECRETS.variable()
              + " of the environment sets it: change it there, or take it out");
    }
    String clientId = change.clientId().or(row.clientId());
    checkClientId(clientId, row.id(), present);
    Secret clientSecret = secret(change.clientSecret());
    FieldRules.checkClientSecret(clientSecret);
    List<Secret> secrets = secrets(change.webhookSecrets());
    FieldRules.checkWebhookSecrets(secrets);
    Instant now = turn.clock().instant();
    return new ApplicationRow(
        row.id(),
        row.uuid(),
        row.name(),
        clientId,
        change.clientSecret().isGiven() ? sealed(row, clientSecret) : row.clientSecret(),
        change.clientSecret().isGiven() ? clientSecret.isSet() ? now : null : row.clientSecretAt(),
        change.webhookSecrets().isGiven()
            ? sealed(row, secrets, presentSecrets, now)
            : row.webhookSecrets(),
        change.webhookSecrets().isGiven() ? secrets.isEmpty() ? null : now : row.webhookSecretsAt(),
        row.createdAt(),
        now,
        row.hiddenAt());
  }

  private static void checkClientId(@Nullable String clientId, long id, AccountSet present) {
    FieldRules.checkClientId(clientId);
    if (clientId != null) {
      present
          .byClientId(clientId)
          .filter(other -> other.id() != id)
          .ifPresent(
              other -> {
                throw AccountProblem.conflict(
                    "client_id", "taken", "the application " + other.name() + " has it");
              });
    }
  }

  private static Secret secret(Given<Secret> given) {
    Secret value = given.value();
    return value == null ? Secret.NONE : value;
  }

  private static List<Secret> secrets(Given<List<Secret>> given) {
    List<Secret> value = given.value();
    List<Secret> secrets = value == null ? List.of() : List.copyOf(value);
    if (new HashSet<>(secrets).size() < secrets.size()) {
      throw AccountProblem.invalid(
          AccountField.WEBHOOK_SECRETS.code(), "repeated", "the same is among them twice");
    }
    return secrets;
  }

  private @Nullable String sealed(ApplicationRow row, Secret clientSecret) {
    SecretColumn column = SecretColumn.CLIENT_SECRET;
    return clientSecret.isSet()
        ? column.seal(turn.sealing(column.column()), row.uuid(), clientSecret.reveal())
        : null;
  }

  private @Nullable String sealed(
      ApplicationRow row, List<Secret> secrets, List<HeldSecret> present, Instant now) {
    return secrets.isEmpty()
        ? null
        : WebhookSecrets.sealed(
            turn.sealing(SecretColumn.WEBHOOK_SECRETS.column()), row.uuid(), secrets, present, now);
  }
}
