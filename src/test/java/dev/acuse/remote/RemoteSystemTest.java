package dev.acuse.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.remote.RemoteException.BreakerOpen;
import dev.acuse.remote.RemoteException.Unavailable;
import dev.acuse.support.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RemoteSystemTest {
  private final ManualClock clock = ManualClock.create();
  private RemoteException failure = new Unavailable("503", 503, null, null);
  private final RemoteSystem system =
      new RemoteSystem(
          "crm",
          new DispatchConfiguration().breakerFailures(),
          new DispatchConfiguration().probeEvery(),
          clock);
  private final RemoteLane lane = system.lane("crm:1");
  private final AtomicInteger recoveries = new AtomicInteger();

  @Test
  void opensAfterFiveOutagesAndThenMakesNoCall() {
    for (int i = 0; i < 5; i++) {
      assertThat(system.isUp()).isTrue();
      fail();
    }

    assertThat(system.isUp()).isFalse();
    assertThatThrownBy(() -> lane.call(() -> "called")).isInstanceOf(BreakerOpen.class);
  }

  @Test
  void whatItSaidToAnotherLaneWhenItWentOutIsTheOthers() {
    failure = new Unavailable("crm answered 503: contact c1 of another account", 503, null, null);
    open();

    assertThat(Standing.of(system).cause()).contains("contact c1");
    assertThat(Standing.forLanes(system, List.of("crm:2")))
        .isEqualTo(new Standing("crm", RemoteSystem.State.OUT, false, null));
  }

  @Test
  void aFailureOfTheRequestsOwnSaysNothingAgainstTheOtherSide() {
    failure = new RemoteException.Rejected("404", 404);
    for (int i = 0; i < 20; i++) {
      fail();
    }

    assertThat(system.isUp()).isTrue();
  }

  @Test
  void letsOneEventProbeEveryTenSecondsAndClosesWhenItSucceeds() throws Exception {
    system.onRecovery(recoveries::incrementAndGet);
    open();
    assertThat(system.takeProbe()).as("not at once").isFalse();

    clock.advance(Duration.ofSeconds(10));
    assertThat(system.takeProbe()).isTrue();
    assertThat(system.takeProbe()).as("one at a time").isFalse();
    fail();
    assertThat(system.isUp()).isFalse();
    assertThat(recoveries).hasValue(0);

    clock.advance(Duration.ofSeconds(10));
    assertThat(system.takeProbe()).isTrue();
    assertThat(lane.call(() -> "answer")).isEqualTo("answer");
    assertThat(system.isUp()).isTrue();
    assertThat(recoveries).hasValue(1);
    assertThat(system.takeProbe()).as("nothing to probe").isFalse();
  }

  @Test
  void isLeftAloneAsLongAsItAsks() {
    failure = new Unavailable("429", 429, Duration.ofMinutes(30), null);
    fail();

    assertThat(system.isUp()).as("at the first 429").isFalse();
    clock.advance(Duration.ofMinutes(29));
    assertThat(lane.takeProbe()).isFalse();
    assertThatThrownBy(() -> lane.call(() -> "called")).isInstanceOf(BreakerOpen.class);
    clock.advance(Duration.ofMinutes(1));
    assertThat(system.lanesToProbe()).containsExactly(lane);
    assertThat(lane.takeProbe()).isTrue();
  }

  @Test
  void aNewTokenClosesTheLaneAndTellsWhoWaits() throws Exception {
    var told = new ArrayList<String>();
    system.onLaneRecovery(told::add);
    failure = new RemoteException.Unauthorized("401", 401);
    fail();
    lane.lacksToken();

    lane.renewed();
    assertThat(system.isUp()).isTrue();
    assertThat(system.state()).isEqualTo(RemoteSystem.State.UP);
    assertThat(lane.call(() -> "answer")).isEqualTo("answer");
    assertThat(told).containsExactly("crm:1");

    lane.renewed();
    assertThat(told).as("what has failed elsewhere waits too").containsExactly("crm:1", "crm:1");
  }

  @Test
  void theRefusalOfATokenThatWasReplacedSaysNothing() {
    var token = new TokenInForce();
    Guard calls = lane.then(token);

    assertThatThrownBy(
            () ->
                calls.call(
                    () -> {
                      token.replaced();
                      throw new RemoteException.Unauthorized("401", 401);
                    }))
        .isInstanceOf(RemoteException.Throttled.class);
    assertThat(lane.isUp()).isTrue();
    assertThatThrownBy(
            () ->
                calls.call(
                    () -> {
                      throw new RemoteException.Rejected("404", 404);
                    }))
        .isInstanceOf(RemoteException.Rejected.class);
  }

  @Test
  void lanesThatAreHeldBackAreKnownWithoutBeingMade() {
    system.hold(Set.of("crm:2"));

    assertThat(system.isHeld("crm:2")).isTrue();
    assertThat(system.isHeld("crm:1")).isFalse();
    assertThat(system.lanes()).containsExactly(lane);
    system.keepOnly(Set.of());
    assertThat(system.lanes()).isEmpty();
  }

  @Test
  void aRefusedTokenOpensAtOnce() {
    failure = new RemoteException.Unauthorized("401", 401);
    fail();

    assertThat(system.isUp()).isFalse();
  }

  @Test
  void whatIsSaidToOneLaneHoldsNoOtherBack() throws Exception {
    RemoteLane other = system.lane("crm:2");
    List<String> recovered = new ArrayList<>();
    system.onRecovery(recoveries::incrementAndGet);
    system.onLaneRecovery(recovered::add);
    for (RemoteException refusal :
        List.of(
            new RemoteException.Unauthorized("401", 401),
            new Unavailable("429", 429, Duration.ofSeconds(10), null),
            RemoteException.NotSetUp.noToken("no token"))) {
      failure = refusal;
      fail();
      assertThat(lane.isUp()).isFalse();
      assertThat(other.isUp()).isTrue();
      assertThat(other.call(() -> "answer")).isEqualTo("answer");
      assertThat(system.answers()).isTrue();
      assertThat(system.isUp()).as("the worst of its lanes").isFalse();
      assertThat(system.cause()).isEqualTo(refusal.getMessage());

      clock.advance(Duration.ofSeconds(10));
      assertThat(system.takeProbe()).isFalse();
      assertThat(lane.takeProbe()).isTrue();
      assertThat(lane.call(() -> "answer")).isEqualTo("answer");
      assertThat(system.isUp()).isTrue();
    }
    assertThat(recoveries).hasValue(0);
    assertThat(recovered).containsExactly("crm:1", "crm:1", "crm:1");
  }

  @Test
  void anOutageHoldsEachLaneBack() {
    RemoteLane other = system.lane("crm:2");
    open();

    assertThat(other.isUp()).isFalse();
    assertThat(other.isOwnUp()).isTrue();
    assertThatThrownBy(() -> other.call(() -> "called")).isInstanceOf(BreakerOpen.class);
    assertThat(system.lanesToProbe()).isEmpty();
  }

  @Test
  void itSaysHowItStandsAndWhy() throws Exception {
    assertThat(system.state()).isEqualTo(RemoteSystem.State.UP);
    assertThat(system.cause()).isNull();
    failure = new RemoteException.Unauthorized("Remote answered 403: blocked", 403);
    fail();
    assertThat(system.state()).isEqualTo(RemoteSystem.State.REFUSED);
    assertThat(system.cause()).isEqualTo("Remote answered 403: blocked");

    clock.advance(Duration.ofSeconds(10));
    failure = new Unavailable("503", 503, null, null);
    fail();
    assertThat(system.state())
        .as("says nothing of the token")
        .isEqualTo(RemoteSystem.State.REFUSED);
    for (int i = 0; i < 10 && system.answers(); i++) {
      fail();
    }
    assertThat(system.state()).isEqualTo(RemoteSystem.State.OUT);
    assertThat(system.cause()).isEqualTo("503");

    clock.advance(Duration.ofSeconds(10));
    failure = new RemoteException.Rejected("404", 404);
    fail();
    assertThat(system.state()).as("it answers").isEqualTo(RemoteSystem.State.UP);
    assertThat(system.cause()).isNull();
  }

  @Test
  void withoutATokenItIsNeitherUpNorOut() {
    lane.lacksToken();
    assertThat(system.state()).isEqualTo(RemoteSystem.State.NO_TOKEN);

    failure = RemoteException.NotSetUp.noToken("no token");
    fail();
    assertThat(system.isUp()).as("one call is enough to know").isFalse();
    assertThat(system.state()).isEqualTo(RemoteSystem.State.NO_TOKEN);
  }

  @Test
  void anAnswerThatIsNotUnderstoodNeverCountsAsUp() {
    open();
    clock.advance(Duration.ofSeconds(10));
    failure = new RemoteException.NotUnderstood("a page", 200, null);
    fail();
    assertThat(system.isUp()).isFalse();
    clock.advance(Duration.ofSeconds(10));
    failure = RemoteException.NotUnderstood.inUnknownWords("what?", 403).ofStranger();
    fail();

    assertThat(system.isUp()).isFalse();
    assertThat(recoveries).hasValue(0);
  }

  @Test
  void aCallThatWasNotMadeUsesNoProbeUp() throws Exception {
    open();
    clock.advance(Duration.ofSeconds(10));
    failure = new RemoteException.Throttled("our own limit", Duration.ofSeconds(1));
    fail();

    assertThat(lane.call(() -> "probe")).isEqualTo("probe");
    assertThat(system.isUp()).isTrue();
  }

  @Test
  void aProbeThatEndsInAnErrorIsNotTheLast() throws Exception {
    open();
    clock.advance(Duration.ofSeconds(10));
    assertThatThrownBy(
            () ->
                lane.call(
                    () -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);

    assertThat(lane.call(() -> "probe")).isEqualTo("probe");
    assertThat(system.isUp()).isTrue();
  }

  private void open() {
    for (int i = 0; i < 5; i++) {
      fail();
    }
    assertThat(system.isUp()).isFalse();
  }

  private void fail() {
    assertThatThrownBy(
            () ->
                lane.call(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }
}
