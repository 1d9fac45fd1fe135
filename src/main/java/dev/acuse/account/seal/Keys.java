package dev.acuse.account.seal;

import dev.acuse.process.PrivateFiles;
import dev.acuse.process.WritableFiles;
import dev.acuse.text.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the keys of this instance come from: {@code ACUSE_KEY}, and on H2 a file beside the
 * database, which is made when a first secret is to be sealed. Those of {@code ACUSE_KEY} go before
 * the file's. Thread-safe.
 */
public final class Keys {
  /** What a person is told where there is no key, and none is made. */
  private static final String ASKED_FOR =
      "ACUSE_KEY is not set, and without it no secret can be sealed: set the same on every instance,"
          + " 32 random bytes in base64 (openssl rand -base64 32)";

  private static final int MOST_BYTES = 4_096;

  private final Keyring configured;
  private final @Nullable Path file;
  private volatile Keyring ring;
  private volatile @Nullable String trouble;

  /**
   * Reads the file, if there is one.
   *
   * @param configured keys of 32 bytes in base64, with commas between them
   * @param file null where none is made
   * @throws IllegalArgumentException if what is configured is no such list
   */
  public Keys(Secret configured, @Nullable Path file) {
    this.configured = Keyring.parse(configured.reveal());
    this.file = file;
    this.ring = this.configured;
    if (file != null) {
      read(file);
    }
  }

  private void read(Path path) {
    try {
      if (Files.size(path) > MOST_BYTES) {
        trouble = path + " holds no keys: it is too large";
        return;
      }
      Keyring read = Keyring.parse(Files.readString(path, StandardCharsets.ISO_8859_1));
      trouble = read.isEmpty() ? path + " holds no key: it is empty" : null;
      ring = configured.and(read);
    } catch (NoSuchFileException e) {
      trouble = null;
    } catch (IOException e) {
      trouble = path + " cannot be read: " + WritableFiles.reason(e);
    } catch (IllegalArgumentException e) {
      trouble = path + " holds no keys: " + e.getMessage();
    }
  }

  /** The keys there are now. */
  public Keyring ring() {
    return ring;
  }

  /** Why the file's keys are not among them, as a line; null if there is no such reason. */
  public @Nullable String trouble() {
    return trouble;
  }

  /** What the keys are called where they don't fit. */
  public String source() {
    if (!configured.isEmpty()) {
      return "ACUSE_KEY";
    }
    return file == null ? "ACUSE_KEY" : String.valueOf(file);
  }

  /** The file that may hold keys; null where there is none. */
  public @Nullable Path file() {
    return file;
  }

  /** Whether the file holds keys that {@code ACUSE_KEY} does not. */
  public boolean isFileUsed() {
    return ring.size() > configured.size();
  }

  /**
   * The keys, of which there is one at least: the file is made where it is missing.
   *
   * @throws NoKeyException if there is none and none may be made
   */
  public synchronized Keyring toSeal() {
    if (!ring.isEmpty()) {
      return ring;
    }
    String why = trouble;
    if (why != null) {
      throw new NoKeyException(why);
    }
    if (file == null) {
      throw new NoKeyException(ASKED_FOR);
    }
    write(file, List.of(Keyring.newKey()));
    return ring;
  }

  /**
   * Puts a new key before those of the file, where the file's are the keys; those of {@code
   * ACUSE_KEY} an operator changes.
   *
   * @return whether it did; then {@link #dropOlder} is due when all is sealed by the new one
   * @throws NoKeyException if the file cannot be read or written
   */
  public synchronized boolean addNew() {
    if (file == null || !configured.isEmpty() || ring.isEmpty()) {
      return false;
    }
    write(file, List.of(Keyring.newKey(), text(file)));
    return true;
  }

  /**
   * Keeps the first key of the file alone.
   *
   * @throws NoKeyException if the file cannot be read or written
   */
  public synchronized void dropOlder() {
    if (file != null) {
      write(file, List.of(List.of(text(file).split(",", -1)).get(0).strip()));
    }
  }

  private static String text(Path path) {
    try {
      return Files.readString(path, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      throw new NoKeyException(path + " cannot be read: " + WritableFiles.reason(e));
    }
  }

  private void write(Path path, List<String> keys) {
    try {
      PrivateFiles.replace(
          path, (String.join(",", keys) + "\n").getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new NoKeyException(path + " cannot be written: " + WritableFiles.reason(e));
    }
    read(path);
  }
}
