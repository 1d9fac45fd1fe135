package dev.acuse.process;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes named threads that do not keep the process alive. */
public final class DaemonThreads {
  private DaemonThreads() {}

  /** Threads of the same name, for one thread at a time. */
  public static ThreadFactory named(String name) {
    return task -> make(task, name);
  }

  /** Threads called by the name and a number: {@code name-1}, {@code name-2}. */
  public static ThreadFactory numbered(String name) {
    var number = new AtomicInteger();
    return task -> make(task, name + "-" + number.incrementAndGet());
  }

  private static Thread make(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
