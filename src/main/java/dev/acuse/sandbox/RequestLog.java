package dev.acuse.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts every request and keeps the latest. Thread-safe. */
final class RequestLog {
  private static final int KEPT = 10_000;

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Deque<SandboxRequest> latest = new ArrayDeque<>();

  void add(Request request) {
    counts.computeIfAbsent(request.path(), path -> new LongAdder()).increment();
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
      if (latest.size() == KEPT) {
        latest.removeFirst();
      }
      latest.addLast(kept);
    }
  }

  /** How many requests went to this path or to one below it. */
  long count(String path) {
    String below = path.endsWith("/") ? path : path + "/";
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().equals(path) || entry.getKey().startsWith(below))
        .mapToLong(entry -> entry.getValue().sum())
        .sum();
  }

  List<SandboxRequest> latest() {
    synchronized (latest) {
      return List.copyOf(latest);
    }
  }
}
