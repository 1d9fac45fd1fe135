package dev.acuse.account.seal;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Where a sealed text stands. It is opened there and nowhere else: copied to another row or column
 * it is of no use.
 *
 * @param owner of the account or the application
 */
public record SealedPlace(String table, String column, UUID owner) {
  /** What goes into the seal with the text. */
  byte[] bound() {
    return (table + "\n" + column + "\n" + owner).getBytes(StandardCharsets.UTF_8);
  }
}
