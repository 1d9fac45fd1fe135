package dev.acuse.intake.spool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.event.Arrival;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.Unjudged;
import dev.acuse.intake.SpoolOutOfDescriptors;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private static final Instant RECEIVED = Instant.parse("2026-03-02T14:05:09.123456Z");
  private static final long MAX = 1 << 20;

  @TempDir private Path folder;
  private Spool spool;

  @BeforeEach
  void open() throws IOException {
    spool = reopen();
  }

  @AfterEach
  void close() throws IOException {
    spool.close();
  }

  @Test
  void whatWasAppendedComesBackWholeAfterTheProcessWasKilled() throws IOException {
    Arrival arrival = arrival("a");
    spool.append(List.of(arrival, arrival("b")));
    spool.append(List.of(arrival("c")));
    spool.close();
    spool = reopen();

    assertThat(spool.state().records()).isEqualTo(3);
    assertThat(spool.state().oldestMillis()).isEqualTo(RECEIVED.toEpochMilli());
    List<Arrival> back = oldest().arrivals();
    assertThat(keys(back)).containsExactly("a", "b", "c");
    assertThat(back.get(0))
        .usingRecursiveComparison()
        .as("to the byte and the microsecond")
        .isEqualTo(arrival);
  }

  @Test
  void whatOlderVersionsWouldTakeForTheirOwnHasAFileThatTheyLeaveAlone() throws IOException {
    Arrival ofAnother = of(arrival("b"), Place.mercadoPago(7), null);
    Arrival unjudged =
        of(
            arrival("c"),
            Place.MAIN,
            new Unjudged("casa", "data.id=1&x=%20", Map.of("x-signature", List.of("ts=1,v1=2"))));
    spool.append(List.of(arrival("a")));
    spool.append(List.of(ofAnother));
    spool.append(List.of(arrival("d"), unjudged));
    spool.close();
    spool = reopen();

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(Spool::isContent))
          .containsExactlyInAnyOrder("000000000000000001.spool", "000000000000000002.spool2");
    }
    assertThat(spool.state().records()).isEqualTo(4);
    assertThat(keys(oldest().arrivals())).containsExactly("a");
    spool.delete(oldest());
    List<Arrival> back = oldest().arrivals();
    assertThat(keys(back)).containsExactly("b", "d", "c");
    assertThat(back.get(0)).usingRecursiveComparison().isEqualTo(ofAnother);
    assertThat(back.get(2)).usingRecursiveComparison().isEqualTo(unjudged);
    spool.delete(oldest());

    spool.append(List.of(arrival("e")));
    assertThat(oldest().path().getFileName()).hasToString("000000000000000003.spool");
  }

  private static Arrival of(Arrival arrival, Place place, @Nullable Unjudged unjudged) {
    NewEvent event = arrival.event();
    return new Arrival(
        new NewEvent(
            event.webhookId(),
            event.source(),
            event.eventType(),
            event.action(),
            event.resourceId(),
            event.status(),
            event.reason(),
            event.signature(),
            event.origin(),
            event.rawPayload(),
            event.queryString(),
            event.headers(),
            place),
        arrival.receivedAt(),
        arrival.dueAt(),
        arrival.ticket(),
        unjudged);
  }

  @Test
  void fileIsDeletedOnlyWhenAskedForAndTheNextIsTheNextInOrder() throws IOException {
    spool.append(List.of(arrival("a")));
    SpoolSegment first = oldest();
    spool.append(List.of(arrival("b")));

    assertThat(oldest()).as("still there").isSameAs(first);
    spool.delete(first);
    assertThat(keys(oldest().arrivals())).containsExactly("b");
    spool.delete(oldest());
    assertThat(spool.oldest()).isNull();
    assertThat(spool.state().bytes()).isZero();
    assertThat(files(".spool")).isEmpty();
  }

  @Test
  void tailThatWasBeingWrittenIsCutAndAllBeforeItIsThere() throws IOException {
    spool.append(List.of(arrival("a"), arrival("b")));
    spool.close();
    Path file = files(".spool").get(0);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 3), StandardOpenOption.APPEND);
    spool = reopen();

    assertThat(keys(oldest().arrivals())).containsExactly("a", "b");
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    assertThat(spool.damagedFiles()).isZero();
  }

  @Test
  void damagedRecordIsSetAsideAndItsNeighboursAreKept() throws IOException {
    spool.append(List.of(arrival("a"), arrival("b"), arrival("c")));
    spool.close();
    Path file = files(".spool").get(0);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    spool = reopen();

    assertThat(keys(oldest().arrivals())).containsExactly("a", "c");
    assertThat(spool.damagedFiles()).isEqualTo(1);
    Path damaged = files(".damaged").get(0);
    assertThat(Files.readString(damaged, ISO_8859_1)).contains("webhookId");
  }

  @Test
  void fullSpoolRefusesAGroupWholeAndTakesOneThatFits() throws IOException {
    spool.close();
    long room = 3L * SpoolFrames.frame(SpoolCodec.encode(arrival("a"))).limit();
    spool = Spool.open(folder, room, () -> {});
    spool.append(List.of(arrival("a"), arrival("b")));

    assertThatThrownBy(() -> spool.append(List.of(arrival("c"), arrival("d"))))
        .hasMessageContaining("ACUSE_SPOOL_MAX");
    spool.append(List.of(arrival("e")));
    assertThat(spool.state().canTake()).isFalse();
    assertThat(keys(oldest().arrivals())).containsExactly("a", "b", "e");
  }

  /** Each step of {@link SpoolOutOfDescriptors}. */
  @Test
  void withoutADescriptorNothingIsAcknowledgedAndItGoesOnWhenThereAreSome() throws Exception {
    var command =
        List.of(
            "bash",
            "-c",
            "ulimit -n 400; exec \"$@\"",
            "limited",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            AcuseProcess.CLASS_PATH,
            SpoolOutOfDescriptors.class.getName(),
            folder.resolve("few").toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines().filter(line -> line.matches("(w|d|r|b)[a-z ]*: .*|broken")))
        .containsExactly(
            "with descriptors: stored",
            "without: refused",
            "with one: refused",
            "with two: stored",
            "deleted without: true",
            "with all again: stored",
            "records: 1");
  }

  @Test
  void filesStaySmallHoweverMuchIsAppended() throws IOException {
    spool.close();
    spool = Spool.open(folder, 100 << 20, () -> {});
    String body = "x".repeat(900_000);
    for (int i = 0; i < 20; i++) {
      spool.append(List.of(new Arrival(Events.quarantined("q" + i, body), RECEIVED, null)));
    }

    assertThat(files(".spool")).hasSizeGreaterThan(2);
    assertThat(files(".spool"))
        .allSatisfy(file -> assertThat(Files.size(file)).isLessThan(10 << 20));
    assertThat(spool.state().records()).isEqualTo(20);
  }

  @Test
  void folderIsOneProcessesAlone() {
    assertThatThrownBy(this::reopen).hasMessageContaining("in use by another process");
  }

  private Spool reopen() throws IOException {
    return Spool.open(folder, MAX, () -> {});
  }

  private SpoolSegment oldest() {
    return Objects.requireNonNull(spool.oldest());
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static Arrival arrival(String webhookId) {
    return new Arrival(Events.pending(webhookId), RECEIVED, RECEIVED.plusSeconds(1));
  }

  private static List<String> keys(List<Arrival> arrivals) {
    return arrivals.stream().map(arrival -> arrival.event().webhookId()).toList();
  }
}
