package dev.acuse.sandbox.http;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The threads of a sandbox: a fixed pool a server, so that one that is busy leaves the other alone,
 * and one for what the sandbox sends.
 */
public record ServerThreads(
    ExecutorService mercadoPago, ExecutorService goHighLevel, ExecutorService senders) {

  private static final int SENDERS = 4;

  /** Starts the pools, with so many threads for each server. */
  public static ServerThreads start(int threads) {
    return new ServerThreads(
        Executors.newFixedThreadPool(threads, new DaemonThreads("mercadopago")),
        Executors.newFixedThreadPool(threads, new DaemonThreads("gohighlevel")),
        Executors.newFixedThreadPool(SENDERS, new DaemonThreads("sender")));
  }

  /** Interrupts them all. */
  public void stop() {
    senders.shutdownNow();
    mercadoPago.shutdownNow();
    goHighLevel.shutdownNow();
  }
}
