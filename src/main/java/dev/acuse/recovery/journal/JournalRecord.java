package dev.acuse.recovery.journal;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.acuse.event.Arrival;
import dev.acuse.event.Ticket;
import dev.acuse.inbox.IntakeBalance;
import dev.acuse.intake.spool.SpoolCodec;
import dev.acuse.intake.spool.SpoolFrames.Range;
import dev.acuse.payment.state.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What stands in a frame of the journal: one letter for its kind, and JSON. Pure. */
public final class JournalRecord {
  private static final byte ARRIVAL = 'A';
  private static final byte CHECKOUT = 'C';
  private static final byte RUN = 'R';
  private static final byte COUNTS = 'N';
  private static final byte DELETED = 'D';
  private static final byte UNPROVEN = 'U';

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final TypeReference<Map<String, List<Long>>> TICKETS = new TypeReference<>() {};

  private JournalRecord() {}

  /** Is told of records, in their order. */
  public interface Listener {
    /** An event that was stored, or was about to be. */
    void arrival(Arrival arrival);

    /** A checkout that was registered. */
    void checkout(Checkout checkout);

    /** The books of a run as they were then. */
    void run(IntakeBalance run);

    /** How many rows there were then. */
    void counts(Counts counts);

    /** Events were deleted, the numbers of their tickets by run; told before all others. */
    void deleted(Map<String, List<Long>> tickets);
  }

  /** How many rows there are of what nothing else counts. */
  public record Counts(long checkouts, long payments) {}

  static byte[] of(Arrival arrival) {
    return record(ARRIVAL, SpoolCodec.encode(arrival));
  }

  static byte[] of(Checkout checkout) {
    return record(CHECKOUT, json(checkout));
  }

  static byte[] of(IntakeBalance run) {
    return record(RUN, json(run));
  }

  static byte[] of(Counts counts) {
    return record(COUNTS, json(counts));
  }

  static byte[] ofDeleted(Collection<Ticket> tickets) {
    Map<String, List<Long>> byRun =
        tickets.stream()
            .collect(
                Collectors.groupingBy(
                    Ticket::run,
                    TreeMap::new,
                    Collectors.mapping(Ticket::number, Collectors.toList())));
    return record(DELETED, json(byRun));
  }

  /** How many bytes of a file's records are of webhooks that nothing proved; its last record. */
  static byte[] ofUnproven(long bytes) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(UNPROVEN).putLong(bytes).array();
  }

  /** What {@link #ofUnproven} wrote; empty if it is another record. */
  static OptionalLong unproven(byte[] file, Range range) {
    return range.length() == 1 + Long.BYTES && file[range.from()] == UNPROVEN
        ? OptionalLong.of(ByteBuffer.wrap(file).getLong(range.from() + 1))
        : OptionalLong.empty();
  }

  /** Whether it is an arrival that {@link UnprovenBytes} counts. */
  static boolean isUnprovenArrival(byte[] file, Range range) {
    if (range.length() == 0 || file[range.from()] != ARRIVAL) {
      return false;
    }
    try {
      return UnprovenBytes.isUnproven(
          SpoolCodec.decode(file, new Range(range.from() + 1, range.to())));
    } catch (IOException e) {
      // Of no use to this version.
      return false;
    }
  }

  static boolean isDeleted(byte[] file, Range range) {
    return range.length() > 0 && file[range.from()] == DELETED;
  }

  private static byte[] record(byte kind, byte[] json) {
    byte[] record = new byte[1 + json.length];
    record[0] = kind;
    System.arraycopy(json, 0, record, 1, json.length);
    return record;
  }

  private static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException("it has nothing that is not JSON", e);
    }
  }

  /**
   * Tells of one record. A kind that a newer version writes is passed over.
   *
   * @throws IOException if it is not one that this version knows
   */
  public static void read(byte[] file, Range range, Listener listener) throws IOException {
    if (range.length() == 0) {
      return;
    }
    var json = new Range(range.from() + 1, range.to());
    switch (file[range.from()]) {
      case ARRIVAL -> listener.arrival(SpoolCodec.decode(file, json));
      case CHECKOUT -> listener.checkout(value(file, json, Checkout.class));
      case RUN -> listener.run(value(file, json, IntakeBalance.class));
      case DELETED ->
          listener.deleted(JSON.readerFor(TICKETS).readValue(file, json.from(), json.length()));
      case COUNTS -> listener.counts(value(file, json, Counts.class));
      default -> {
        // Of no use to this version.
      }
    }
  }

  private static <T> T value(byte[] file, Range json, Class<T> type) throws IOException {
    return JSON.readValue(file, json.from(), json.length(), type);
  }
}
