package dev.acuse.admin;

import dev.acuse.access.ApiKey;
import dev.acuse.access.Grantor;
import dev.acuse.access.KeyStore;
import dev.acuse.access.NewKey;
import dev.acuse.desk.KeyRotation;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import io.dropwizard.util.Duration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code key}: makes, lists and revokes keys of the API. A new key is in the answer alone. And
 * {@code rotate}, which is about the keys that seal the secrets of accounts.
 */
public final class KeyTask extends OperatorTask {
  /** The task's name. */
  public static final String NAME = "key";

  private static final Grantor GRANTOR = Grantor.root(ACTOR);
  private static final Pattern DURATION = Pattern.compile("[0-9]{1,6} ?[a-z]+");

  private final KeyStore keys;
  private final KeyRotation rotation;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public KeyTask(KeyStore keys, KeyRotation rotation, InstantSource clock, TaskStatus status) {
    super(NAME, status, "do", "name", "role", "accounts", "expires");
    this.keys = keys;
    this.rotation = rotation;
    this.clock = clock;
  }

  private enum Deed {
    ADD,
    LIST,
    REVOKE,
    ROTATE
  }

  @Override
  public String perform(Parameters parameters) {
    return switch (AccessParameters.deed(parameters, Deed.values())) {
      case ADD -> add(parameters);
      case LIST -> list();
      case REVOKE -> revoke(AccessParameters.name(parameters));
      case ROTATE -> rotation.rotate(GRANTOR);
    };
  }

  private String add(Parameters parameters) {
    KeyStore.Issued issued =
        AccessParameters.naming(
            () ->
                keys.make(
                    new NewKey(
                        AccessParameters.name(parameters),
                        parameters.get("role").value(),
                        AccessParameters.accounts(parameters),
                        expires(parameters.get("expires"))),
                    GRANTOR));
    return "Key %s is made. It is shown this once:\n%s"
        .formatted(issued.key().name(), issued.secret().reveal());
  }

  private @Nullable Instant expires(Parameter parameter) {
    String value = parameter.value();
    if (value == null || !DURATION.matcher(value).matches()) {
      return parameter.instant();
    }
    try {
      return clock.instant().plus(Duration.parse(value).toJavaDuration());
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw parameter.invalid("must be a time as in RFC 3339, or a duration such as 90d");
    }
  }

  private String list() {
    List<ApiKey> all = keys.list(GRANTOR);
    return all.isEmpty()
        ? "There is no key."
        : all.stream().map(this::line).collect(Collectors.joining("\n"));
  }

  private String line(ApiKey key) {
    return "%s  %s  %s  …%s  %s  %s"
        .formatted(
            key.name(),
            key.role().keyCode(),
            String.join(",", keys.accountsOf(key)),
            key.tail(),
            end(key),
            key.lastUsedAt() == null ? "not used" : "last used " + key.lastUsedAt());
  }

  private String end(ApiKey key) {
    if (key.revokedAt() != null) {
      return "revoked " + key.revokedAt();
    }
    Instant expiresAt = key.expiresAt();
    if (expiresAt == null) {
      return "never expires";
    }
    return (expiresAt.isAfter(clock.instant()) ? "expires " : "expired ") + expiresAt;
  }

  private String revoke(String name) {
    ApiKey key =
        keys.list(GRANTOR).stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .flatMap(one -> keys.revoke(one.id(), GRANTOR))
            .orElseThrow(() -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such key."));
    return "Key %s is revoked; other instances refuse it within seconds.".formatted(key.name());
  }

  /** Without the key. */
  @Override
  protected String logged(String done) {
    return done.lines().findFirst().orElse("");
  }
}
