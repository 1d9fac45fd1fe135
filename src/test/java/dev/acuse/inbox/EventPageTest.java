package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventFilter.Search;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.support.Claims;
import dev.acuse.support.Ends;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How events are found, on both engines. */
@ParameterizedClass
@EnumSource
class EventPageTest {
  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private TestDatabase database;
  private EventStore store;
  private EventReader reader;

  EventPageTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void anArrivalCountsInTheStretchThatItFallsInToItsLastMoment() {
    Instant from = clock.instant();
    for (int second : List.of(0, 59, 61, 119, 120, 239)) {
      clock.set(from.plusSeconds(second).plusMillis(999));
      store.append(Events.pending("after-" + second));
    }

    assertThat(reader.arrivals(Scope.everything(), from, Duration.ofMinutes(2)))
        .containsExactlyInAnyOrder(
            new ArrivalCount(0, EventStatus.PENDING, 4),
            new ArrivalCount(1, EventStatus.PENDING, 2));
  }

  @Test
  void theListFiltersByStatusAndTypeNewestFirst() {
    store.append(Events.pending("a"));
    store.append(Events.quarantined("b", "{}"));
    store.append(Events.pending("c"));

    assertThat(found(EventFilter.ALL)).containsExactly("c", "b", "a");
    assertThat(found(EventFilter.ALL.withStatus(EventStatus.PENDING))).containsExactly("c", "a");
    assertThat(found(EventFilter.ALL.withType("payment"))).containsExactly("c", "b", "a");
    assertThat(found(EventFilter.ALL.withType("nothing"))).isEmpty();
    assertThat(found(EventFilter.ALL.withOrigin(EventOrigin.WEBHOOK))).hasSize(3);
    assertThat(found(EventFilter.ALL.withOrigin(EventOrigin.MANUAL))).isEmpty();
  }

  @Test
  void timesOfArrivalIncludeTheFirstAndExcludeTheLast() {
    for (String id : List.of("a", "b", "c")) {
      store.append(Events.pending(id));
      clock.advance(Duration.ofMinutes(1));
    }
    var second = clock.instant().minus(Duration.ofMinutes(2));

    assertThat(found(EventFilter.ALL.receivedBetween(second, null))).containsExactly("c", "b");
    assertThat(found(EventFilter.ALL.receivedBetween(null, second))).containsExactly("a");
    assertThat(found(EventFilter.ALL.receivedBetween(second, second.plusSeconds(60))))
        .containsExactly("b");
  }

  @Test
  void eventIsFoundByPaymentAndPreferenceOnceTheyAreKnown() {
    store.append(Events.pending("a"));
    store.append(Events.pending("b"));
    WebhookEvent claimed = store.claim(Claims.due("me", 1, Duration.ofMinutes(1))).get(0);
    Ends.end(store, claimed, Next.SUCCEED, clock.instant());

    assertThat(found(EventFilter.ALL.withMpPaymentId("777"))).containsExactly("a");
    assertThat(found(EventFilter.ALL.withPreferenceId("pref-9"))).containsExactly("a");
    assertThat(search("777")).containsExactly("a");
    assertThat(search("pref-9")).containsExactly("a");
    assertThat(search("138400000001")).containsExactly("b", "a");
  }

  @Test
  void searchTakesItsTextLiterally() {
    for (String id :
        List.of("mp:payment:1:ab", "mp:payment:10:cd", "100%", "a_b", "axb", "!x", "o'k")) {
      store.append(Events.pending(id));
    }

    assertThat(search("mp:payment:1")).containsExactly("mp:payment:10:cd", "mp:payment:1:ab");
    assertThat(search("mp:payment:1:")).containsExactly("mp:payment:1:ab");
    assertThat(search("%")).isEmpty();
    assertThat(search("100%")).containsExactly("100%");
    assertThat(search("a_")).containsExactly("a_b");
    assertThat(search("!")).containsExactly("!x");
    assertThat(search("o'")).containsExactly("o'k");
    assertThat(search("' OR 1=1 --")).isEmpty();
  }

  @Test
  void pagesStayStableWhileEventsKeepComing() {
    for (int i = 0; i < 25; i++) {
      store.append(Events.pending("old" + i));
    }
    List<String> seen = new ArrayList<>();
    Long before = null;
    for (int page = 0; page < 5; page++) {
      List<WebhookEvent> events = reader.page(Scope.everything(), EventFilter.ALL, before, 5);
      events.forEach(event -> seen.add(event.webhookId()));
      before = events.get(events.size() - 1).id();
      store.append(Events.pending("new" + page));
    }

    List<String> expected = new ArrayList<>();
    for (int i = 24; i >= 0; i--) {
      expected.add("old" + i);
    }
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void requestComesBackAsItWasReceived() {
    byte[] body = {0, (byte) 0xff, '{'};
    store.append(
        new NewEvent(
            "raw",
            "mp",
            "payment",
            null,
            "1",
            EventStatus.PENDING,
            null,
            SignatureState.VERIFIED,
            EventOrigin.WEBHOOK,
            body,
            "data.id=1&x=%20",
            Map.of("x-request-id", "abc")));
    long id = reader.findByWebhookId(Scope.everything(), "raw").orElseThrow().id();

    ReceivedRequest request = reader.request(Scope.everything(), id).orElseThrow();
    assertThat(request.body()).isEqualTo(body);
    assertThat(request.queryString()).isEqualTo("data.id=1&x=%20");
    assertThat(request.headers()).containsExactly(Map.entry("x-request-id", "abc"));
    assertThat(reader.request(Scope.everything(), id + 1)).isEmpty();
  }

  @Test
  void backlogTellsWhatIsDueSinceWhenAndWhatWaitsForWhom() {
    assertThat(reader.backlog(Scope.everything()).oldestDueAt()).isNull();
    store.append(Events.pending("a"));
    store.append(Events.quarantined("q", new String(new byte[3], StandardCharsets.UTF_8)));
    var due = clock.instant();
    clock.advance(Duration.ofSeconds(90));

    assertThat(reader.backlog(Scope.everything()).oldestDueAt()).isEqualTo(due);
    // A count that took long, as on a busy machine, is answered once more.
    await()
        .untilAsserted(
            () ->
                assertThat(reader.backlog(Scope.everything()).events().all())
                    .containsEntry(EventStatus.PENDING, 1L)
                    .containsEntry(EventStatus.QUARANTINED, 1L)
                    .containsEntry(EventStatus.SUCCESS, 0L));
    WebhookEvent claimed = store.claim(Claims.due("me", 1, Duration.ofMinutes(1))).get(0);
    Instant later = clock.instant().plusSeconds(60);
    Ends.end(store, claimed, Next.waitFor("mercadopago", later), clock.instant());

    assertThat(reader.backlog(Scope.everything()).oldestDueAt()).isNull();
    assertThat(reader.backlog(Scope.everything()).waiting())
        .containsExactly(Map.entry("mercadopago", 1L));
  }

  private List<String> search(String text) {
    return found(EventFilter.ALL.matching(new Search(text, List.of())));
  }

  private List<String> found(EventFilter filter) {
    return reader.page(Scope.everything(), filter, null, 100).stream()
        .map(WebhookEvent::webhookId)
        .toList();
  }
}
