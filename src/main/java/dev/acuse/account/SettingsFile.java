package dev.acuse.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.acuse.account.seal.Keyring;
import dev.acuse.account.seal.SealedPlace;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.WritableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts as they were last read, by which an instance starts while the database is out. The
 * whole of it is sealed once more, so that nothing stands in it in clear, and what was changed or
 * torn does not open. An instance without a key notes only that there is nothing but {@code main}
 * without a secret.
 */
final class SettingsFile {
  private static final Logger LOGGER = LoggerFactory.getLogger(SettingsFile.class);

  private static final String HEAD = "acuse settings 1";
  private static final String SEALED = "sealed";
  private static final String PLAIN = "main-alone";
  private static final int LINES = 3;
  private static final SealedPlace PLACE =
      new SealedPlace("settings.sealed", "settings", new UUID(0, 0));

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private final Path path;

  SettingsFile(Path path) {
    this.path = path;
  }

  /**
   * Replaces the file. That it fails is logged: the next change tries again. Without a key nothing
   * is written of what must be sealed, and an older file goes, because it is no longer true.
   */
  void write(StoredSettings settings, Keyring keys) {
    try {
      if (keys.isEmpty() && !settings.isMainAlone()) {
        Files.deleteIfExists(path);
        return;
      }
      String json = JSON.writeValueAsString(settings);
      String lines =
          keys.isEmpty()
              ? String.join("\n", HEAD, PLAIN, plain(json), "")
              : String.join("\n", HEAD, SEALED, keys.seal(PLACE, json), "");
      PrivateFiles.replace(path, lines.getBytes(StandardCharsets.US_ASCII));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the rows are texts and numbers");
    } catch (IOException e) {
      LOGGER.warn(
          "{} cannot be written, and a start without the database would know older accounts: {}",
          path,
          WritableFiles.reason(e));
    }
  }

  private static String plain(String json) {
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    return sha256(content) + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(content);
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Reads it.
   *
   * @return null if there is none, or none that these keys open; why is logged in a line
   */
  @Nullable StoredSettings read(Keyring keys) {
    try {
      String json = json(Files.readString(path, StandardCharsets.ISO_8859_1), keys);
      if (json == null) {
        LOGGER.warn("{} is passed over: it is torn, or no key of this instance opens it", path);
        return null;
      }
      return JSON.readValue(json, StoredSettings.class);
    } catch (NoSuchFileException e) {
      return null;
    } catch (JsonProcessingException e) {
      // Its message would hold a part of the text.
      LOGGER.warn("{} is passed over: this version does not understand it", path);
      return null;
    } catch (IOException e) {
      LOGGER.warn("{} is passed over: {}", path, WritableFiles.reason(e));
      return null;
    }
  }

  private static @Nullable String json(String text, Keyring keys) {
    String[] lines = text.split("\n", -1);
    if (lines.length <= LINES || !lines[0].equals(HEAD)) {
      return null;
    }
    return switch (lines[1]) {
      case SEALED -> keys.open(PLACE, lines[2]).orElse(null);
      case PLAIN -> ofPlain(lines[2]);
      default -> null;
    };
  }

  private static @Nullable String ofPlain(String line) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      return null;
    }
    try {
      byte[] content = Base64.getUrlDecoder().decode(line.substring(colon + 1));
      return sha256(content).equals(line.substring(0, colon))
          ? new String(content, StandardCharsets.UTF_8)
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
