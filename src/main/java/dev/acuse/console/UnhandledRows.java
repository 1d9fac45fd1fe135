package dev.acuse.console;

import dev.acuse.api.AccountNames;
import dev.acuse.event.Attempt;
import dev.acuse.event.Scope;
import dev.acuse.inbox.UnhandledTopic;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The topics with events that no handler took, as the page of health shows them. */
final class UnhandledRows {
  private static final String FILTER = "?status=ignored&error_kind=" + Attempt.UNHANDLED_TOPIC;

  private final AccountNames names;
  private final Set<String> handled;

  /**
   * @param handled the topics that this version has a handler for, in lower case
   */
  UnhandledRows(AccountNames names, Set<String> handled) {
    this.names = names;
    this.handled = handled;
  }

  /**
   * A topic of an account.
   *
   * @param account its name; null where there is only one
   * @param topic null for all beyond fifty
   * @param latest when the latest of the genuine ones came; null if there is none
   * @param query of the list that holds them
   * @param able whether this version has a handler, so that a retry works them off
   */
  public record Row(
      @Nullable String account,
      @Nullable String topic,
      long verified,
      long others,
      @Nullable Instant latest,
      String query,
      boolean able) {}

  /**
   * A row for each that the scope sees.
   *
   * @param topics of whatever account
   */
  List<Row> of(Scope scope, List<UnhandledTopic> topics) {
    boolean areSeveral = names.areSeveral(scope);
    return topics.stream()
        .filter(topic -> scope.sees(topic.accountId()))
        .map(topic -> row(topic, areSeveral ? names.of(topic.accountId()) : null))
        .toList();
  }

  private Row row(UnhandledTopic topic, @Nullable String account) {
    boolean isOther = topic.topic().equals(UnhandledTopic.OTHER);
    return new Row(
        account,
        isOther ? null : topic.topic(),
        topic.verified(),
        topic.others(),
        topic.latestAt(),
        FILTER
            + (isOther ? "" : "&type=" + encoded(topic.topic()))
            + (account == null ? "" : "&account=" + encoded(account)),
        handled.contains(topic.topic().toLowerCase(Locale.ROOT)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
