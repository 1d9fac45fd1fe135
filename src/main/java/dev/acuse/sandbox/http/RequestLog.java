package dev.acuse.sandbox.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts every request and keeps the latest, as far as memory allows. Thread-safe. */
public final class RequestLog {
  private static final int KEPT = 10_000;

  /** All bodies that are kept, in characters. */
  static final int KEPT_CHARS = 16 * 1024 * 1024;

  /** Beyond these, requests are kept but not counted: no real client asks for as many paths. */
  static final int COUNTED_PATHS = 100_000;

  /** Beyond these, the calls of a token are not counted: no sandbox has as many accounts. */
  private static final int COUNTED_TOKENS = 10_000;

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> countsByToken = new ConcurrentHashMap<>();
  private final Map<Call, LongAdder> calls = new ConcurrentHashMap<>();
  private final Deque<SandboxRequest> latest = new ArrayDeque<>();
  private long keptChars;

  private record Call(String token, String path) {}

  void add(Request request, @Nullable String caller) {
    count(counts, request.path(), COUNTED_PATHS);
    String token = request.bearer();
    if (token != null) {
      count(countsByToken, token, COUNTED_TOKENS);
      count(calls, new Call(token, request.path()), COUNTED_PATHS);
    }
    var headers = new LinkedHashMap<>(request.headers());
    headers.remove("authorization");
    var kept =
        new SandboxRequest(
            request.method(),
            request.path(),
            request.rawQuery(),
            Map.copyOf(headers),
            new String(request.body(), StandardCharsets.UTF_8),
            caller);
    synchronized (latest) {
      latest.addLast(kept);
      keptChars += kept.body().length();
      while (latest.size() > KEPT || keptChars > KEPT_CHARS) {
        keptChars -= latest.removeFirst().body().length();
      }
    }
  }

  private static <K> void count(Map<K, LongAdder> counts, K key, int most) {
    if (counts.containsKey(key) || counts.size() < most) {
      counts.computeIfAbsent(key, unused -> new LongAdder()).increment();
    }
  }

  /** How many requests went to this path or to one below it. */
  public long count(String path) {
    return counts.entrySet().stream()
        .filter(entry -> isAtOrBelow(entry.getKey(), path))
        .mapToLong(entry -> entry.getValue().sum())
        .sum();
  }

  /** How many requests brought this token to this path or to one below it, refused ones too. */
  public long count(String token, String path) {
    if (path.equals("/")) {
      // complete even where there were too many paths to count
      LongAdder all = countsByToken.get(token);
      return all == null ? 0 : all.sum();
    }
    return calls.entrySet().stream()
        .filter(entry -> entry.getKey().token().equals(token))
        .filter(entry -> isAtOrBelow(entry.getKey().path(), path))
        .mapToLong(entry -> entry.getValue().sum())
        .sum();
  }

  private static boolean isAtOrBelow(String asked, String path) {
    return asked.equals(path) || asked.startsWith(path.endsWith("/") ? path : path + "/");
  }

  /** The latest requests, oldest first. */
  public List<SandboxRequest> latest() {
    synchronized (latest) {
      return List.copyOf(latest);
    }
  }
}
