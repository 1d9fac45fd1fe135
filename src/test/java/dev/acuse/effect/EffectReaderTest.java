package dev.acuse.effect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.support.EffectFixture;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How effects are found, on both engines. */
@ParameterizedClass
@EnumSource
class EffectReaderTest {
  private static final Scope ALL = Scope.everything();
  private static final Subject PAYMENT = Subject.payment(7);
  private static final Subject CHECKOUT = Subject.checkout(7);

  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private TestDatabase database;
  private EffectFixture fixture;
  private EffectReader reader;

  EffectReaderTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() {
    database = TestDatabase.open(engine);
    fixture = new EffectFixture(database.jdbi(), clock.instant());
    reader = new EffectReader(database.jdbi(), TestAccounts.MAIN_ALONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void anEffectIsReadWithItsReasonsInOrder() {
    long id = fixture.tag("contact", "cliente", EffectState.FAILED, CHECKOUT);
    fixture.reason(id, PAYMENT, "approved");
    long event = fixture.event(id, EventStatus.FAILED);

    SeenEffect seen = reader.find(ALL, id).orElseThrow();

    Effect effect = seen.effect();
    assertThat(effect.kind()).isEqualTo(EffectKind.TAG);
    assertThat(List.of(effect.target(), effect.name())).containsExactly("contact", "cliente");
    assertThat(effect.state()).isEqualTo(EffectState.FAILED);
    assertThat(effect.wanted()).isEqualTo(Wanted.PRESENT);
    assertThat(effect.eventId()).isEqualTo(event);
    assertThat(effect.generation()).isEqualTo(1);
    assertThat(effect.error()).contains("422");
    assertThat(effect.createdAt()).isEqualTo(clock.instant());
    assertThat(effect.doneAt()).isNull();
    assertThat(effect.reasons())
        .containsExactly(
            new Effect.Reason(CHECKOUT, "approved", 0), new Effect.Reason(PAYMENT, "approved", 0));
    assertThat(seen.reason(Set.of(CHECKOUT)).orElseThrow().subject()).isEqualTo(CHECKOUT);
    assertThat(seen.reason(Set.of(Subject.payment(8)))).isEmpty();
    assertThat(seen.mayBeRetried()).isTrue();
    assertThat(reader.find(ALL, id + 1)).isEmpty();
  }

  @Test
  void pagesAreNarrowedAndHangTogether() {
    long waits = fixture.tag("a", "x", EffectState.WAITING, PAYMENT);
    long failed = fixture.tag("b", "x", EffectState.FAILED, CHECKOUT);
    long looked = fixture.row("find_contact", PAYMENT.code(), "", Wanted.PRESENT.code(), "done");
    long other = fixture.tag("c", "x", EffectState.DONE, Subject.payment(8));

    EffectFilter all = EffectFilter.ALL;
    assertThat(ids(all)).containsExactly(other, looked, failed, waits);
    assertThat(reader.page(ALL, all, looked, 1))
        .extracting(seen -> seen.effect().id())
        .containsExactly(failed);
    assertThat(ids(all.withKind(EffectKind.TAG))).containsExactly(other, failed, waits);
    assertThat(ids(all.withKind(EffectKind.FIND_CONTACT))).containsExactly(looked);
    assertThat(ids(all.withState(EffectState.FAILED))).containsExactly(failed);
    assertThat(ids(all.withState(EffectState.HELD))).isEmpty();
    assertThat(ids(all.wantedBy(Set.of(PAYMENT, CHECKOUT)))).containsExactly(failed, waits);
    assertThat(ids(all.wantedBy(Set.of()))).isEmpty();
    assertThat(ids(all.ofAccount(1L))).hasSize(4);
    assertThat(ids(all.ofAccount(2L))).isEmpty();
    for (EffectFilter filter :
        List.of(all, all.withState(EffectState.DONE), all.wantedBy(Set.of(PAYMENT)))) {
      assertThat(reader.count(ALL, filter)).isEqualTo(ids(filter).size());
      long last = reader.lastId(ALL, filter);
      assertThat(last).isEqualTo(ids(filter).get(0));
      assertThat(reader.ids(ALL, filter, 0, last, 100)).isSorted().hasSameElementsAs(ids(filter));
    }
    assertThat(reader.ids(ALL, all, waits, looked, 100)).containsExactly(failed, looked);
    assertThat(reader.ids(ALL, all, waits, other, 1)).containsExactly(failed);
    assertThat(reader.lastId(ALL, all.withState(EffectState.HELD))).isZero();
    assertThat(reader.of(ALL, Set.of())).isEmpty();
  }

  @Test
  void theStatesOfManySubjectsAreReadTogether() {
    long shared = fixture.tag("a", "x", EffectState.DONE, PAYMENT);
    fixture.reason(shared, CHECKOUT, "approved");
    fixture.reason(shared, CHECKOUT, "authorized");
    long failed = fixture.tag("a", "y", EffectState.FAILED, CHECKOUT);

    assertThat(reader.statesBySubject(ALL, Set.of(PAYMENT, CHECKOUT, Subject.payment(9))))
        .containsOnly(
            entry(PAYMENT, Map.of(shared, EffectState.DONE)),
            entry(CHECKOUT, Map.of(shared, EffectState.DONE, failed, EffectState.FAILED)));
    assertThat(reader.statesBySubject(ALL, Set.of())).isEmpty();
    assertThat(reader.states(ALL, List.of(shared, failed, 99_999L)))
        .containsOnly(entry(shared, EffectState.DONE), entry(failed, EffectState.FAILED));
    assertThat(reader.countByStateUpTo(ALL, 10))
        .contains(entry(EffectState.DONE, 1L), entry(EffectState.HELD, 0L));
    fixture.tag("b", "y", EffectState.FAILED, CHECKOUT);
    assertThat(reader.countByStateUpTo(ALL, 1)).contains(entry(EffectState.FAILED, 1L));
  }

  @Test
  void aWordOfANewerVersionIsReadAsItStands() {
    long id = fixture.row("hologram", "wall", "cat", "dimmed", "projected");

    SeenEffect seen = reader.find(ALL, id).orElseThrow();

    assertThat(List.of(seen.kind(), seen.wanted(), seen.state()))
        .containsExactly("hologram", "dimmed", "projected");
    assertThat(seen.effect().kind()).isEqualTo(EffectKind.UNKNOWN);
    assertThat(seen.effect().wanted()).isEqualTo(Wanted.UNKNOWN);
    assertThat(seen.effect().state()).isEqualTo(EffectState.UNKNOWN);
    assertThat(seen.mayBeRetried()).isFalse();
    assertThat(ids(EffectFilter.ALL)).containsExactly(id);
    assertThat(EffectTally.of(reader.states(ALL, List.of(id)).values()))
        .isEqualTo(EffectTally.NONE);
  }

  private List<Long> ids(EffectFilter filter) {
    return reader.page(ALL, filter, null, 100).stream().map(seen -> seen.effect().id()).toList();
  }
}
