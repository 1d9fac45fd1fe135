package dev.acuse.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.acuse.account.seal.Keyring;
import dev.acuse.text.Secret;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The webhook secrets of an application, which one column holds as a sealed list. */
final class WebhookSecrets {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private WebhookSecrets() {}

  /** One as it is written; never to be shown. */
  private record Written(String secret, Instant setAt) {
    @Override
    public String toString() {
      return "[REDACTED]";
    }
  }

  /** Those of a row, the newest first. What no key opens is one that cannot be read. */
  static List<HeldSecret> of(Keyring keys, ApplicationRow row) {
    String sealed = row.webhookSecrets();
    if (sealed == null) {
      return List.of();
    }
    String text = SecretColumn.WEBHOOK_SECRETS.open(keys, row.uuid(), sealed);
    List<Written> written = text == null ? null : read(text);
    return written == null
        ? List.of(new HeldSecret(Secret.NONE, true, row.webhookSecretsAt()))
        : written.stream()
            .map(one -> new HeldSecret(Secret.of(one.secret()), false, one.setAt()))
            .toList();
  }

  private static @Nullable List<Written> read(String json) {
    try {
      return JSON.readValue(json, new TypeReference<List<Written>>() {});
    } catch (JsonProcessingException e) {
      // Its message would hold a part of the text.
      return null;
    }
  }

  /**
   * As they are to be stored.
   *
   * @param present those that are there already keep the time when they were set
   */
  static @Nullable String sealed(
      Keyring keys, String uuid, List<Secret> secrets, List<HeldSecret> present, Instant now) {
    if (secrets.isEmpty()) {
      return null;
    }
    List<Written> written =
        secrets.stream()
            .map(secret -> new Written(secret.reveal(), setAt(secret, present, now)))
            .toList();
    try {
      return SecretColumn.WEBHOOK_SECRETS.seal(keys, uuid, JSON.writeValueAsString(written));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of texts is JSON");
    }
  }

  private static Instant setAt(Secret secret, List<HeldSecret> present, Instant now) {
    for (HeldSecret one : present) {
      Instant setAt = one.setAt();
      if (one.value().equals(secret) && setAt != null) {
        return setAt;
      }
    }
    return now;
  }
}
