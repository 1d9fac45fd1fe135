package dev.acuse.bench;

import java.util.List;

/**
 * What a generator is to send.
 *
 * @param type of the notifications
 * @param perSecond 0 for a closed loop
 * @param seed two plans with different seeds send different events
 */
record LoadPlan(
    int port,
    String path,
    String secret,
    String type,
    int connections,
    int perSecond,
    int warmUpSeconds,
    int seconds,
    long seed) {

  boolean isClosedLoop() {
    return perSecond == 0;
  }

  /** The same with notifications of another type. */
  LoadPlan withType(String other) {
    return new LoadPlan(
        port, path, secret, other, connections, perSecond, warmUpSeconds, seconds, seed);
  }

  /** The same signed with another secret, or with those of many sellers. */
  LoadPlan withSecret(String other) {
    return new LoadPlan(
        port, path, other, type, connections, perSecond, warmUpSeconds, seconds, seed);
  }

  /** The same over another number of connections. */
  LoadPlan withConnections(int other) {
    return new LoadPlan(port, path, secret, type, other, perSecond, warmUpSeconds, seconds, seed);
  }

  /** As arguments of a command line. */
  List<String> arguments() {
    return List.of(
        String.valueOf(port),
        path,
        secret,
        type,
        String.valueOf(connections),
        String.valueOf(perSecond),
        String.valueOf(warmUpSeconds),
        String.valueOf(seconds),
        String.valueOf(seed));
  }

  static LoadPlan parse(String[] words) {
    return new LoadPlan(
        Integer.parseInt(words[0]),
        words[1],
        words[2],
        words[3],
        Integer.parseInt(words[4]),
        Integer.parseInt(words[5]),
        Integer.parseInt(words[6]),
        Integer.parseInt(words[7]),
        Long.parseLong(words[8]));
  }
}
