package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Place;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Look;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.Snapshots;
import dev.acuse.support.Engine;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator's look-up may overrule, and what it may not. */
@ParameterizedClass
@EnumSource(Engine.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverrulingLookTest {
  @SuppressWarnings("NullAway.Init")
  @Parameter
  Engine engine;

  @SuppressWarnings("NullAway.Init")
  private PaymentFixture fixture;

  @SuppressWarnings("NullAway.Init")
  private PaymentStore store;

  @SuppressWarnings("NullAway.Init")
  private Checkout checkout;

  @BeforeParameterizedClassInvocation
  void open() {
    fixture = new PaymentFixture(engine);
    store = fixture.store();
  }

  @BeforeEach
  void aPaymentThatLooksNewerThanItIs() {
    fixture.clear();
    checkout = fixture.checkout("a1");
    fixture.apply(refunded());
  }

  @AfterParameterizedClassInvocation
  void close() {
    fixture.close();
  }

  @Test
  void aFreshLookOfAnOperatorsIsAppliedThoughWhatIsStoredLooksNewer() {
    assertThat(fixture.apply(approved()).changed()).isFalse();

    Applied asked = store.apply(Place.MAIN_ACCOUNT, approved().build(), later(true), null);

    assertThat(asked.changed()).isTrue();
    assertThat(asked.payment().status()).isEqualTo("approved");
    assertThat(asked.payment().mpUpdatedAt()).isEqualTo(Snapshots.NOON);
    assertThat(fixture.payment("7")).isEqualTo(asked.payment());
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
  }

  @Test
  void whatHasNoDateIsAppliedToo() {
    Applied asked =
        store.apply(Place.MAIN_ACCOUNT, approved().at((Instant) null).build(), later(true), null);

    assertThat(asked.payment().status()).isEqualTo("approved");
    assertThat(asked.payment().mpUpdatedAt()).isNull();
  }

  @Test
  void theSameAgainChangesNothing() {
    Payment first =
        store.apply(Place.MAIN_ACCOUNT, approved().build(), later(true), null).payment();

    Applied again = store.apply(Place.MAIN_ACCOUNT, approved().build(), later(true), null);

    assertThat(again.changed()).isFalse();
    assertThat(again.payment()).isEqualTo(first);
  }

  @Test
  void anAnswerThatWasUnderWayIsNotAppliedAfterwardsWhateverItsDate() {
    Look underWay = later(false);
    store.apply(Place.MAIN_ACCOUNT, approved().build(), later(true), null);

    Applied late = store.apply(Place.MAIN_ACCOUNT, refunded().at(7200).build(), underWay, null);

    assertThat(late.changed()).isFalse();
    assertThat(late.payment().status()).isEqualTo("approved");
  }

  @Test
  void anOperatorsAnswerThatWasUnderWayDoesNotOverruleALaterLook() {
    Look underWay = later(true);
    Look fresh = later(false);
    store.apply(
        Place.MAIN_ACCOUNT,
        payment("7").reference("a1").status("charged_back").at(7200).build(),
        fresh,
        null);

    Applied late = store.apply(Place.MAIN_ACCOUNT, approved().build(), underWay, null);

    assertThat(late.changed()).isFalse();
    assertThat(late.payment().status()).isEqualTo("charged_back");
  }

  @Test
  void whatComesAfterwardsIsAppliedByItsDateAgain() {
    store.apply(Place.MAIN_ACCOUNT, approved().build(), later(true), null);

    assertThat(
            store.apply(Place.MAIN_ACCOUNT, refunded().at(1).build(), later(false), null).changed())
        .isTrue();
    assertThat(store.apply(Place.MAIN_ACCOUNT, approved().build(), later(false), null).changed())
        .isFalse();
  }

  private Look later(boolean asked) {
    fixture.clock().advance(Duration.ofSeconds(1));
    return store.look(asked);
  }

  private static Snapshots approved() {
    return payment("7").reference("a1").at(0);
  }

  private static Snapshots refunded() {
    return payment("7").reference("a1").status("refunded").at(3600);
  }
}
