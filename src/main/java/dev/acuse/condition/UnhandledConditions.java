package dev.acuse.condition;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.UnhandledTopic;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * That genuine webhooks of a topic came which no handler took: once for each topic and day (UTC) on
 * which some came. At most fifty topics of an account are told apart. Thread-safe.
 */
public final class UnhandledConditions implements PassingConditions {
  private final EventReader events;
  private final Accounts accounts;
  private final Set<String> handled;

  /**
   * @param accounts whose names stand in the texts, where there are several
   * @param handled the topics that this version has a handler for, in lower case
   */
  public UnhandledConditions(EventReader events, Accounts accounts, Set<String> handled) {
    this.events = events;
    this.accounts = accounts;
    this.handled = Set.copyOf(handled);
  }

  @Override
  public Set<Kind> kinds() {
    return Set.of(Kind.UNHANDLED_TOPIC);
  }

  @Override
  public List<Condition> now() {
    AccountSet all = accounts.current();
    List<Condition> wrong = new ArrayList<>();
    for (UnhandledTopic topic : events.unhandled(Scope.everything())) {
      Instant latest = topic.latestAt();
      if (latest != null) {
        wrong.add(condition(topic, latest, all));
      }
    }
    return wrong;
  }

  private Condition condition(UnhandledTopic topic, Instant latest, AccountSet all) {
    String day = LocalDate.ofInstant(latest, ZoneOffset.UTC).toString();
    Problem problem = Problem.of(topic.verified(), words(topic, latest));
    String name = all.byId(topic.accountId()).map(Account::name).orElse(null);
    Problem about = all.isMainAlone() || name == null ? problem : problem.about(name);
    return new Condition(
        Kind.UNHANDLED_TOPIC, topic.accountId(), topic.topic() + " " + day, inbox -> about);
  }

  private String words(UnhandledTopic topic, Instant latest) {
    boolean isHandledNow = handled.contains(topic.topic().toLowerCase(Locale.ROOT));
    return "nothing was done about %d genuine webhooks of the topic %s (the latest came at %s): %s"
        .formatted(
            topic.verified(),
            topic.topic(),
            latest,
            isHandledNow
                ? "this version can handle them, so retry them"
                : "they are kept, to be retried when a version can handle them");
  }
}
