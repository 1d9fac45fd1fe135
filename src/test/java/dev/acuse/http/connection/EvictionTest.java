package dev.acuse.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.http.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvictionTest {
  private static final long NOW = TimeUnit.MINUTES.toNanos(5);
  private static final int FEW = 8;

  private final List<OpenConnection> all = new ArrayList<>();

  @AfterEach
  void close() {
    all.forEach(one -> OpenConnection.close(one.channel()));
  }

  @Test
  void theOneThatHasWaitedLongestGoes() throws Exception {
    open("192.0.2.1", 2);
    OpenConnection oldest = open("192.0.2.2", 9);
    open("192.0.2.3", 5);

    assertThat(choose()).isSameAs(oldest);
  }

  @Test
  void whatIsBeingAnsweredStaysHoweverOldAndManyItIs() throws Exception {
    for (int i = 0; i < 50; i++) {
      open("192.0.2.1", 60).headCame(false, ago(50));
      OpenConnection whole = open("192.0.2.1", 60);
      whole.headCame(true, ago(50));
      whole.bodyCame(ago(49));
    }
    assertThat(choose()).isNull();

    OpenConnection waiting = open("192.0.2.2", 0);
    assertThat(choose()).isSameAs(waiting);
  }

  @Test
  void theNetworkThatHasMostLosesFirstAndABodyThatHasJustBegunElsewhereIsSafe() throws Exception {
    open("198.51.100.7", 60).headCame(true, ago(30));
    OpenConnection oldestOfTheFlood = open("192.0.2.1", 3);
    for (int i = 0; i < 100; i++) {
      open("192.0.2.1", 2);
    }
    for (int i = 0; i < 50; i++) {
      open("192.0.2.2", 20);
    }

    assertThat(choose()).isSameAs(oldestOfTheFlood);
  }

  @Test
  void manyNetworksWithOneEachDoNotDriveOutOneThatHasAFew() throws Exception {
    for (int i = 0; i < FEW; i++) {
      open("198.51.100.7", 1);
    }
    for (int i = 1; i < 200; i++) {
      open("192.0.2." + i, 2);
    }

    assertThat(choose()).extracting(one -> one.network().toString()).isNotEqualTo("198.51.100.7");
  }

  @Test
  void silenceBetweenTwoRequestsBeginsWithTheAnswer() throws Exception {
    OpenConnection kept = open("192.0.2.1", 60);
    kept.headCame(false, ago(59));
    kept.answered(ago(1));
    OpenConnection older = open("192.0.2.2", 2);

    assertThat(choose()).isSameAs(older);
    OpenConnection.close(older.channel());
    all.remove(older);
    assertThat(choose()).isSameAs(kept);
  }

  @Test
  void theFirstHeadHasUntilItsDeadlineAndABodyAndAnAnswerHaveTheirOwn() throws Exception {
    OpenConnection one = open("192.0.2.1", 10);

    assertThat(one.isHeadLate(NOW, TimeUnit.SECONDS.toNanos(10))).isFalse();
    assertThat(one.isHeadLate(NOW + 1, TimeUnit.SECONDS.toNanos(10))).isTrue();
    one.headCame(true, NOW);
    assertThat(one.isHeadLate(ago(-60), TimeUnit.SECONDS.toNanos(10))).isFalse();
    one.bodyCame(NOW);
    assertThat(one.isHeadLate(ago(-60), TimeUnit.SECONDS.toNanos(10))).isFalse();
    one.answered(NOW);
    assertThat(one.isHeadLate(ago(-60), TimeUnit.SECONDS.toNanos(10)))
        .as("no byte of the next has come")
        .isFalse();
  }

  @Test
  void networkThatComesBackFasterThanItsConnectionsAreReadDrivesOutItsOwn() throws Exception {
    OpenConnection genuine = open("198.51.100.7", 1);
    for (int network = 1; network <= 16; network++) {
      for (int i = 0; i < 4; i++) {
        open("192.0.2." + network, 0);
      }
    }

    OpenConnection chosen =
        Eviction.choose(all, Network.of(InetAddress.getByName("192.0.2.9")), Eviction.few(65), NOW);

    assertThat(chosen).isNotSameAs(genuine);
    assertThat(chosen).extracting(one -> one.network().toString()).isEqualTo("192.0.2.9");
  }

  @Test
  void fewAreFewerWhereThereAreFewInAll() {
    assertThat(Eviction.few(64)).isEqualTo(1);
    assertThat(Eviction.few(1)).isEqualTo(1);
    assertThat(Eviction.few(2_000)).isEqualTo(8);
  }

  private @Nullable OpenConnection choose() {
    return Eviction.choose(all, null, FEW, NOW);
  }

  private OpenConnection open(String address, long secondsAgo) throws IOException {
    var network = Network.of(InetAddress.getByName(address));
    var connection = new OpenConnection(network, SocketChannel.open(), ago(secondsAgo));
    all.add(connection);
    return connection;
  }

  private static long ago(long seconds) {
    return NOW - TimeUnit.SECONDS.toNanos(seconds);
  }
}
