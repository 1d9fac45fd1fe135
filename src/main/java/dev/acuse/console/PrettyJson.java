package dev.acuse.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * A stranger's JSON, a member a line, for people to read. No longer than is shown: indented, a
 * megabyte of deep objects would be hundreds.
 */
final class PrettyJson {
  private static final int MAX_DEPTH = 200;

  // Digits are kept as they came: a page must not show another number than was received.
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);

  private PrettyJson() {}

  /**
   * The text with line breaks; its beginning, where it would be longer than {@code most}
   * characters.
   *
   * @return null if it is not JSON, or nested deeper than {@value #MAX_DEPTH}
   */
  static @Nullable String of(String raw, int most) {
    var shown = new Shown(most);
    try {
      JsonNode tree = JSON.readTree(raw);
      if (tree.isMissingNode()) {
        return null;
      }
      JSON.writerWithDefaultPrettyPrinter().writeValue(shown, tree);
    } catch (IOException e) {
      return shown.full ? shown.text.toString() : null;
    }
    return shown.text.toString();
  }

  /** Fails as soon as more comes than is shown. */
  private static final class Shown extends Writer {
    private final StringBuilder text = new StringBuilder();
    private final int most;
    private boolean full;

    Shown(int most) {
      this.most = most;
    }

    @Override
    public void write(char[] source, int offset, int length) throws IOException {
      int room = most - text.length();
      text.append(source, offset, Math.min(room, length));
      if (length > room) {
        full = true;
        throw new IOException("there is more than is shown");
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
