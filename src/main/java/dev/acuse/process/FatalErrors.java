package dev.acuse.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when the virtual machine itself has failed, above all when its memory is used
 * up. Whatever the failed thread was changing may be half done: a database file that is written on
 * from there may never open again. A new process begins from what is on the disk, which holds all
 * that was acknowledged.
 */
public final class FatalErrors {
  /** What a virtual machine ends with that was told to end when its memory is used up. */
  public static final int STATUS = 3;

  /** Made at the start: when it is needed there may be no memory for it. */
  private static final byte[] FAREWELL =
      "acuse: the virtual machine has failed (out of memory?): the process ends with status 3, to be started anew\n"
          .getBytes(StandardCharsets.US_ASCII);

  private static final FileOutputStream STANDARD_ERROR = new FileOutputStream(FileDescriptor.err);

  private FatalErrors() {}

  /**
   * Halts the process if this failure is a {@link VirtualMachineError}, was caused by one, or has
   * one beside it. No hook runs, because a hook would write. To be called first wherever errors are
   * caught.
   *
   * @param failure null for none
   */
  public static void haltOn(@Nullable Throwable failure) {
    try {
      // By itself first: there may be no memory to look further with.
      if (failure != null && (isFatal(failure) || Failures.any(failure, FatalErrors::isFatal))) {
        halt();
      }
    } catch (OutOfMemoryError e) {
      halt();
    }
  }

  /**
   * A task that halts the process by {@link #haltOn} instead of keeping such a failure to itself,
   * as executors do. Any other it logs, and never throws: a scheduler would not call it again, and
   * would not say so.
   */
  public static Runnable guarding(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        haltOn(e);
        LoggerFactory.getLogger(FatalErrors.class).error("a task failed; it goes on", e);
      }
    };
  }

  /**
   * A stack that overflows unwinds, and is the fault of the one event or request that made it: it
   * is fatal only where it has broken off the database's own work.
   */
  private static boolean isFatal(Throwable error) {
    if (!(error instanceof StackOverflowError)) {
      return error instanceof VirtualMachineError;
    }
    for (StackTraceElement frame : error.getStackTrace()) {
      if (frame.getClassName().startsWith("org.h2.")) {
        return true;
      }
    }
    return false;
  }

  /** Ends the process at once; no hook runs. */
  public static void halt() {
    try {
      STANDARD_ERROR.write(FAREWELL);
    } catch (IOException e) {
      // It ends all the same.
    } finally {
      Runtime.getRuntime().halt(STATUS);
    }
  }
}
