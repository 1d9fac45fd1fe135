package dev.acuse.inbox;

import dev.acuse.event.KnownAccounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events of an account's topic that no handler took, and that have not been retried since.
 *
 * @param accountId whose; 0 for several accounts' together
 * @param topic the events' type; {@value #OTHER} for those of all topics beyond the first fifty
 * @param verified how many are genuine for certain; a thousand stands for as many or more
 * @param others how many more there are, of which nothing proves that they are; as {@code verified}
 * @param latestAt when the latest of the genuine ones came; null if there is none
 */
public record UnhandledTopic(
    long accountId, String topic, long verified, long others, @Nullable Instant latestAt) {
  /** Stands for all topics beyond the first fifty of an account. */
  public static final String OTHER = "other";

  /** How many there are. */
  public long all() {
    return verified + others;
  }

  /**
   * Topics of several accounts, each once, by their names; at most fifty, and then {@link #OTHER}.
   */
  public static List<UnhandledTopic> together(Collection<UnhandledTopic> topics) {
    var byName = topics.stream().collect(Collectors.groupingBy(UnhandledTopic::topic));
    List<UnhandledTopic> rest =
        new ArrayList<>(Objects.requireNonNullElse(byName.remove(OTHER), List.of()));
    List<UnhandledTopic> named =
        new TreeMap<>(byName)
            .entrySet().stream().map(one -> sum(one.getKey(), one.getValue())).toList();
    if (named.size() > UnhandledEvents.MOST_TOPICS) {
      rest.addAll(named.subList(UnhandledEvents.MOST_TOPICS, named.size()));
      named = named.subList(0, UnhandledEvents.MOST_TOPICS);
    }
    return rest.isEmpty()
        ? named
        : Stream.concat(named.stream(), Stream.of(sum(OTHER, rest))).toList();
  }

  private static UnhandledTopic sum(String name, List<UnhandledTopic> some) {
    return new UnhandledTopic(
        KnownAccounts.NO_ACCOUNT,
        name,
        some.stream().mapToLong(UnhandledTopic::verified).sum(),
        some.stream().mapToLong(UnhandledTopic::others).sum(),
        some.stream()
            .map(UnhandledTopic::latestAt)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null));
  }
}
