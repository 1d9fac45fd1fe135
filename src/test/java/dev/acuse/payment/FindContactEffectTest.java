package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.effect.Rearm;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.payment.state.Payment;
import dev.acuse.support.Engine;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A payer whose contact no payment and no checkout names. */
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(120)
class FindContactEffectTest {
  private final EffectStage fixture;

  FindContactEffectTest(Engine engine) {
    fixture = new EffectStage(engine, true);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theContactIsFoundByEmailAndThenTagged() {
    fixture.crm().addContact("c5", "b@example.test");

    Applied applied = fixture.apply(payment("7").email("b@example.test"));
    assertThat(applied.lacksContact()).isFalse();
    assertThat(fixture.effects()).containsExactly("find_contact:present:1:waiting");
    fixture.work();

    assertThat(fixture.effects())
        .containsExactly("find_contact:leave:2:done", "pago_confirmado:present:1:done");
    assertThat(fixture.payments.payment(Scope.everything(), applied.payment().id()))
        .hasValueSatisfying(paid -> assertThat(paid.contactId()).isEqualTo("c5"));
    assertThat(fixture.crm().tagsOf("c5")).containsExactly("pago_confirmado");
  }

  @Test
  void whoIsNotThereIsSearchedForOnceAndAgainWhenAPersonAsks() {
    fixture.apply(payment("7").email("x@example.test"));
    fixture.work();
    fixture.apply(payment("7").email("x@example.test").detail("more"));
    fixture.work();
    assertThat(fixture.effects()).containsExactly("find_contact:present:1:done");
    assertThat(searches()).isEqualTo(1);

    fixture.crm().addContact("c6", "x@example.test");
    fixture.clock.advance(Duration.ofMinutes(1));
    var found = new Rearm(fixture.clock.instant(), false);
    fixture.store.apply(
        Place.MAIN_ACCOUNT,
        payment("7").email("x@example.test").build(),
        fixture.store.look(false),
        found);
    fixture.work();
    assertThat(searches()).as("a comparison arms only what failed").isEqualTo(1);
    var asked = new Rearm(fixture.clock.instant(), true);
    fixture.store.apply(
        Place.MAIN_ACCOUNT,
        payment("7").email("x@example.test").build(),
        fixture.store.look(false),
        asked);
    fixture.work();

    assertThat(searches()).isEqualTo(2);
    assertThat(fixture.crm().tagsOf("c6")).containsExactly("pago_confirmado");
  }

  @Test
  void whoIsNotThereIsSearchedForAgainWhenThePaymentIsAnother() {
    fixture.apply(payment("7").email("x@example.test"));
    fixture.work();
    assertThat(fixture.effects()).containsExactly("find_contact:present:1:done");

    fixture.crm().addContact("c6", "x@example.test");
    fixture.apply(payment("7").email("x@example.test").status("refunded").at(1));
    fixture.work();

    assertThat(searches()).isEqualTo(2);
    assertThat(fixture.crm().tagsOf("c6")).containsExactly("pago_reembolsado");
  }

  @Test
  void withoutAnAddressNothingIsSearchedFor() {
    Applied applied = fixture.apply(payment("7"));

    assertThat(applied.lacksContact()).isTrue();
    assertThat(fixture.effects()).isEmpty();
  }

  @Test
  void aCheckoutThatComesFirstEndsTheSearch() {
    fixture.crm().addContact("c5", "b@example.test");
    fixture.apply(payment("7").reference("a1").email("b@example.test"));
    fixture.checkout("a1", "c1");

    Payment linked = fixture.apply(payment("7").reference("a1").email("b@example.test")).payment();
    fixture.work();

    assertThat(linked.checkoutId()).isNotNull();
    assertThat(fixture.effects())
        .containsExactly("find_contact:leave:2:done", "pago_confirmado:present:1:done");
    assertThat(searches()).isZero();
    assertThat(fixture.crm().tagsOf("c1")).containsExactly("pago_confirmado");
    assertThat(fixture.crm().tagsOf("c5")).isEmpty();
  }

  private long searches() {
    return fixture.crm().requestCount("/contacts/search");
  }
}
