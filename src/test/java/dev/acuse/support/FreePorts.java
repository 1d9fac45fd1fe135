package dev.acuse.support;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for processes that are yet to start. They lie below those that the system gives to
 * connections of its own choice: one of these would be taken, now and then, before the process has
 * it. Thread-safe.
 */
public final class FreePorts {
  private static final int FIRST = 12_000;
  private static final int COUNT = 20_000;

  /** Another beginning in each process, because several may run side by side. */
  private static final AtomicInteger TURN =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 127 % COUNT));

  private FreePorts() {}

  /**
   * One that nothing listens at, and that this process is given once.
   *
   * @throws IllegalStateException if none is free
   */
  public static int next() {
    for (int i = 0; i < COUNT; i++) {
      int port = FIRST + Math.floorMod(TURN.getAndIncrement(), COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no port is free");
  }

  private static boolean isFree(int port) {
    try (var all = new ServerSocket(port)) {
      return all.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
