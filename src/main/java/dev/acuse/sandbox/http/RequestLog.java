package dev.acuse.sandbox.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts every request and keeps the latest, as far as memory allows. Thread-safe. */
public final class RequestLog {
  private static final int KEPT = 10_000;

  /** All bodies that are kept, in characters. */
  static final int KEPT_CHARS = 16 * 1024 * 1024;

  /** Beyond these, requests are kept but not counted: no real client asks for as many paths. */
  static final int COUNTED_PATHS = 100_000;

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Deque<SandboxRequest> latest = new ArrayDeque<>();
  private long keptChars;

  void add(Request request) {
    if (counts.containsKey(request.path()) || counts.size() < COUNTED_PATHS) {
      counts.computeIfAbsent(request.path(), path -> new LongAdder()).increment();
    }
    var headers = new LinkedHashMap<>(request.headers());
    headers.remove("authorization");
    var kept =
        new SandboxRequest(
            request.method(),
            request.path(),
            request.rawQuery(),
            Map.copyOf(headers),
            new String(request.body(), StandardCharsets.UTF_8));
    synchronized (latest) {
      latest.addLast(kept);
      keptChars += kept.body().length();
      while (latest.size() > KEPT || keptChars > KEPT_CHARS) {
        keptChars -= latest.removeFirst().body().length();
      }
    }
  }

  /** How many requests went to this path or to one below it. */
  public long count(String path) {
    String below = path.endsWith("/") ? path : path + "/";
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().equals(path) || entry.getKey().startsWith(below))
        .mapToLong(entry -> entry.getValue().sum())
        .sum();
  }

  /** The latest requests, oldest first. */
  public List<SandboxRequest> latest() {
    synchronized (latest) {
      return List.copyOf(latest);
    }
  }
}
