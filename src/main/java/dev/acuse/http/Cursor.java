package dev.acuse.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on: below the last item of the page before, for the same list and filter. The
 * check keeps a cursor that was cut, altered or moved to another filter from passing for a position
 * there; it is no secret, for whoever may list may begin anywhere.
 */
public final class Cursor {
  private static final byte VERSION = 1;
  private static final int CHECK_BYTES = 16;
  private static final int BYTES = 1 + Long.BYTES + CHECK_BYTES;

  private final String list;

  /**
   * Cursors of one list.
   *
   * @param name the list's, unlike every other's
   * @param filter the values that narrow it, in a fixed order; none may hold a line break
   */
  public Cursor(String name, List<? extends @Nullable Object> filter) {
    this.list =
        name
            + "\n"
            + filter.stream()
                .map(value -> Objects.toString(value, ""))
                .collect(Collectors.joining("\n"));
  }

  /** The cursor of what comes after the item with this id. */
  public String after(long id) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).put(VERSION).putLong(id).put(check(id));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /**
   * The id of the last item before; null if the parameter is absent.
   *
   * @throws ProblemException if the cursor is none of this list's
   */
  public @Nullable Long read(Parameter cursor) {
    String text = cursor.value();
    if (text == null) {
      return null;
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
    if (bytes.length != BYTES || bytes[0] != VERSION) {
      throw invalid();
    }
    long id = ByteBuffer.wrap(bytes).getLong(1);
    // Comparing the text as well leaves each position one spelling.
    if (!Arrays.equals(check(id), Arrays.copyOfRange(bytes, 1 + Long.BYTES, BYTES))
        || !after(id).equals(text)) {
      throw invalid();
    }
    return id;
  }

  private byte[] check(long id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((VERSION + "\n" + id + "\n" + list).getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(digest, CHECK_BYTES);
    } catch (NoSuchAlgorithmException e) {
      // Every Java platform has it.
      throw new IllegalStateException(e);
    }
  }

  private static ProblemException invalid() {
    return ProblemException.of(
        400,
        "invalid_cursor",
        "The parameter 'cursor' is not one that this list gave out for the same filter.");
  }
}
