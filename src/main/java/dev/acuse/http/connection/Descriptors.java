package dev.acuse.http.connection;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** The file descriptors of this process: files, sockets, and what else it has open. */
public final class Descriptors {
  private final LongSupplier open;
  private final LongSupplier limit;

  /** Told by others than the system. */
  public Descriptors(LongSupplier open, LongSupplier limit) {
    this.open = open;
    this.limit = limit;
  }

  /** Those of this process. Where the system does not tell, none are open and any may be. */
  public static Descriptors ofThisProcess() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      return new Descriptors(system::getOpenFileDescriptorCount, system::getMaxFileDescriptorCount);
    }
    return new Descriptors(() -> 0, () -> Long.MAX_VALUE);
  }

  /** How many there may be: the soft limit of {@code RLIMIT_NOFILE}. */
  public long limit() {
    return limit.getAsLong();
  }

  /** How many are open now. */
  public long open() {
    try {
      return open.getAsLong();
    } catch (InternalError e) {
      // To count them the JVM opens a folder, and has no descriptor left for that: no other error
      // of the machine comes from here.
      return limit();
    }
  }

  /** How much of the limit is in use, from 0 to 1. */
  public double used() {
    return (double) open() / limit();
  }
}
