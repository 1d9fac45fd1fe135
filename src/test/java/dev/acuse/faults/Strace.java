package dev.acuse.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** Makes system calls of a process fail, as a disk does that is about to die. */
final class Strace implements AutoCloseable {
  private final Process strace;

  private Strace(Process strace) {
    this.strace = strace;
  }

  static boolean isInstalled() {
    try {
      return quiet("strace", "-V").waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Each sync of the process fails with EIO until this is closed. */
  static Strace failSyncs(long pid) {
    try {
      return new Strace(
          quiet(
              "strace",
              "-f",
              "-p",
              String.valueOf(pid),
              "-e",
              "trace=fsync,fdatasync",
              "-e",
              "inject=fsync,fdatasync:error=EIO"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process quiet(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Override
  public void close() {
    strace.destroy();
    try {
      strace.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
