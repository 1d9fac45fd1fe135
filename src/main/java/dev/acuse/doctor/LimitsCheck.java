package dev.acuse.doctor;

import java.util.List;

/**
 * What this process may use of its machine.
 *
 * @param heapBytes the largest heap (-Xmx)
 * @param machineBytes the memory of the machine, or of the container
 * @param openFiles how many files and sockets are open
 * @param mayOpen how many may be (ulimit -n)
 * @param shouldOpen how many it takes for all connections that are configured
 */
public record LimitsCheck(
    long heapBytes, long machineBytes, long openFiles, long mayOpen, long shouldOpen) {
  private static final long MEGA = 1024 * 1024;

  /** Below it a rush of webhooks is answered 503 early. */
  private static final long SMALL_HEAP = 96 * MEGA;

  /** Classes, code, threads and buffers need about this much beside the heap. */
  private static final long BESIDE_HEAP = 160 * MEGA;

  /** What there is to say. */
  public List<Finding> look() {
    return List.of(memory(), descriptors());
  }

  private Finding memory() {
    String text =
        "the heap may have %d MiB of %d MiB".formatted(heapBytes / MEGA, machineBytes / MEGA);
    if (machineBytes > 0 && heapBytes + BESIDE_HEAP > machineBytes) {
      return Finding.advice(
          "limits.memory",
          text
              + ": with what the process needs beside it that is more than there is, and the system"
              + " may kill it; set -Xmx lower, or give it more memory");
    }
    return heapBytes < SMALL_HEAP
        ? Finding.advice(
            "limits.memory", text + ": a rush is refused early; set -Xmx to 128m or more")
        : Finding.ok("limits.memory", text);
  }

  private Finding descriptors() {
    if (mayOpen == Long.MAX_VALUE) {
      return Finding.ok("limits.descriptors", "the system does not limit open files");
    }
    String text = "%d of %d files may be open (ulimit -n)".formatted(openFiles, mayOpen);
    return mayOpen < shouldOpen
        ? Finding.advice(
            "limits.descriptors",
            text
                + ": all connections of intake.maxConnections (ACUSE_MAX_CONNECTIONS) take "
                + shouldOpen
                + "; raise LimitNOFILE or ulimit -n")
        : Finding.ok("limits.descriptors", text);
  }
}
