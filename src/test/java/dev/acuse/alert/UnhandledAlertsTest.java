package dev.acuse.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.condition.Condition;
import dev.acuse.condition.UnhandledConditions;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.SignatureState;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.UnhandledFixture;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What people are told of topics that no handler took. */
@ParameterizedClass
@EnumSource
class UnhandledAlertsTest {
  private static final OperatorRequest ANA = new OperatorRequest("ana", "retry-many", "upgraded");

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final UnhandledFixture events;
  private final EventReader reader;
  private final EventOperations operations;
  private final AlertStore store;

  UnhandledAlertsTest(Engine engine) {
    database = TestDatabase.open(engine);
    events = new UnhandledFixture(database, new EventStore(database.jdbi(), clock, 4), clock);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    operations = Desks.of(database.jdbi(), clock, 4);
    store = new AlertStore(database.jdbi(), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aTopicIsToldOfOnceADayByHoweverManyInstances() {
    come("rocket");
    look();
    look();
    come("rocket");
    clock.advance(Duration.ofHours(2));
    come("rocket");
    look();
    assertThat(messages())
        .singleElement()
        .asString()
        .isEqualTo(
            "nothing was done about 1 genuine webhooks of the topic rocket (the latest came at"
                + " 2026-03-02T14:05:09Z): they are kept, to be retried when a version can handle"
                + " them");

    come("boat");
    look();
    assertThat(messages()).hasSize(2).last().asString().contains("the topic boat");

    clock.advance(Duration.ofDays(1));
    look();
    assertThat(messages()).as("none came on that day").hasSize(2);
    come("rocket");
    look();
    look();
    assertThat(messages())
        .hasSize(3)
        .last()
        .asString()
        .contains("about 4 genuine webhooks of the topic rocket")
        .contains("2026-03-03");
  }

  @Test
  void whatIsWorkedOffIsNoMoreNewsAndWhatComesOnTheSameDayNeither() {
    come("rocket");
    look();
    operations
        .planRetry(
            EventFilter.ALL.withStatus(EventStatus.IGNORED).withErrorKind(Attempt.UNHANDLED_TOPIC),
            ANA,
            "all")
        .run();
    events.workOff(Next.SUCCEED, null);
    look();
    assertThat(messages()).as("its end is not told").hasSize(1);
    assertThat(database.count("alerts WHERE closed_at IS NULL")).isZero();

    come("rocket");
    look();
    assertThat(messages()).hasSize(1);

    clock.advance(Duration.ofDays(1));
    come("rocket");
    look();
    assertThat(messages()).hasSize(2);
  }

  @Test
  void whatIsNotProvenIsNotToldOfThoughThereBeAHundredTopics() {
    for (int i = 0; i < 100; i++) {
      events.arrive(1, "invented-" + i, SignatureState.UNVERIFIABLE);
    }
    events.workOff(Next.IGNORE, Attempt.UNHANDLED_TOPIC);

    look();

    assertThat(messages()).isEmpty();
  }

  @Test
  void ofAHundredGenuineTopicsFiftyAreToldOfByThemselves() {
    for (int i = 100; i < 200; i++) {
      events.arrive(1, "invented-" + i, SignatureState.VERIFIED);
    }
    events.workOff(Next.IGNORE, Attempt.UNHANDLED_TOPIC);

    look();
    look();

    assertThat(messages()).hasSize(51);
    assertThat(messages())
        .filteredOn(text -> text.contains("50 genuine webhooks of the topic other"))
        .hasSize(1);
  }

  @Test
  void aMutedKindIsToldWhenTheMuteIsOver() {
    store.mute(Condition.INSTALLATION, "unhandled-topic", Duration.ofHours(1), ANA, "an hour");
    come("rocket");
    look();
    assertThat(messages()).isEmpty();

    clock.advance(Duration.ofMinutes(61));
    look();
    assertThat(messages()).hasSize(1);
  }

  @Test
  void aTopicThatIsHandledByNowSaysSo() {
    come("Rocket");

    look(Set.of("rocket"));

    assertThat(messages())
        .singleElement()
        .asString()
        .endsWith("this version can handle them, so retry them");
  }

  private void come(String topic) {
    events.arrive(1, topic, SignatureState.VERIFIED);
    events.workOff(Next.IGNORE, Attempt.UNHANDLED_TOPIC);
  }

  private void look() {
    look(Set.of());
  }

  /** As an instance that has just started. */
  private void look(Set<String> handled) {
    var accounts = Accounts.fixed(EnvironmentAccount.NONE.alone());
    var loop =
        new AlertLoop(
            store,
            null,
            List.of(),
            () -> {
              throw new AssertionError("it reads for itself");
            },
            Duration.ofSeconds(1),
            clock);
    loop.look(new UnhandledConditions(reader, accounts, handled));
  }

  private List<String> messages() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT text FROM alert_messages ORDER BY id")
                    .mapTo(String.class)
                    .list());
  }
}
