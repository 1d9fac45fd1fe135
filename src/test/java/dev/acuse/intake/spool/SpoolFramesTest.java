package dev.acuse.intake.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.intake.spool.SpoolFrames.Range;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpoolFramesTest {
  private static final List<String> RECORDS = List.of("one", "", "three".repeat(100), "four");

  @Test
  void everyRecordIsFoundInOrder() {
    byte[] file = file(RECORDS);

    assertThat(texts(file)).isEqualTo(RECORDS);
    assertThat(SpoolFrames.scan(file).damaged()).isEmpty();
    assertThat(SpoolFrames.scan(file).tornFrom()).isEqualTo(file.length);
  }

  @Test
  void fileThatIsCutAnywhereHasATornTailAndNoDamage() {
    byte[] whole = file(RECORDS);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      SpoolFrames.Scan scan = SpoolFrames.scan(cut);

      assertThat(scan.damaged()).as("cut at %d", length).isEmpty();
      assertThat(RECORDS.subList(0, texts(cut).size())).isEqualTo(texts(cut));
      int end = scan.records().isEmpty() ? 0 : last(scan.records()).to();
      assertThat(scan.tornFrom()).as("cut at %d", length).isEqualTo(length == end ? length : end);
    }
  }

  @Test
  void roomThatAFileSystemMadeAndDidNotFillIsATornTail() {
    byte[] whole = file(RECORDS);
    byte[] withRoom = Arrays.copyOf(whole, whole.length + 4096);

    assertThat(SpoolFrames.scan(withRoom).tornFrom()).isEqualTo(whole.length);
    assertThat(SpoolFrames.scan(withRoom).damaged()).isEmpty();
  }

  @Test
  void noFlippedBitCostsMoreThanItsOwnRecordNorIsPassedOverInSilence() {
    byte[] whole = file(RECORDS);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 0x10;
      SpoolFrames.Scan scan = SpoolFrames.scan(flipped);

      assertThat(texts(flipped)).as("byte %d", i).hasSize(3);
      assertThat(scan.damaged().size() + (scan.tornFrom() < whole.length ? 1 : 0))
          .as("byte %d", i)
          .isEqualTo(1);
    }
  }

  @Test
  void rubbishIsDamageAndEndsAlways() {
    var random = new Random(7);
    byte[] rubbish = new byte[10_000];
    random.nextBytes(rubbish);

    SpoolFrames.Scan scan = SpoolFrames.scan(rubbish);
    assertThat(scan.records()).isEmpty();
    assertThat(scan.damaged()).containsExactly(new Range(0, rubbish.length));
  }

  private static Range last(List<Range> ranges) {
    return ranges.get(ranges.size() - 1);
  }

  private static List<String> texts(byte[] file) {
    return SpoolFrames.scan(file).records().stream()
        .map(range -> new String(file, range.from(), range.length(), UTF_8))
        .toList();
  }

  private static byte[] file(List<String> records) {
    var bytes = new ByteArrayOutputStream();
    for (String record : records) {
      ByteBuffer frame = SpoolFrames.frame(record.getBytes(UTF_8));
      while (frame.hasRemaining()) {
        bytes.write(frame.get());
      }
    }
    return bytes.toByteArray();
  }
}
