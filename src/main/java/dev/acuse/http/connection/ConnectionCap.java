package dev.acuse.http.connection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections the application port may have: as configured, or fewer where the process may
 * not open enough files for them and for all else.
 */
final class ConnectionCap {
  private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionCap.class);

  /** Files of the event store and the spool, selectors, ports, and some to spare. */
  private static final int PROCESS = 32;

  /** Connections to the admin port, and calls of its tasks. */
  private static final int ADMIN = 32;

  private ConnectionCap() {}

  /** How many descriptors are kept for others than connections to the application port. */
  static long reserved(int others) {
    return PROCESS + ADMIN + ClosingChannels.SLACK + (long) others;
  }

  /**
   * How many there may be.
   *
   * @param configured the most that are wanted
   * @param descriptors of this process, before it has begun to serve
   * @param others connections to databases and other systems that it may have
   */
  static int of(int configured, Descriptors descriptors, int others) {
    long limit = descriptors.limit();
    long reserved = descriptors.open() + reserved(others);
    // Where there are too few for everything, a part of what there is.
    long possible = Math.max(limit - reserved, limit / 4);
    if (possible >= configured) {
      return configured;
    }
    int cap = (int) Math.max(1, possible);
    LOGGER.warn(
        "this process may open {} files only (ulimit -n, LimitNOFILE): {} connections instead of {}"
            + " (intake.maxConnections); give it {} or more",
        limit,
        cap,
        configured,
        configured + reserved);
    return cap;
  }
}
