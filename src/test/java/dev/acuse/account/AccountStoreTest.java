package dev.acuse.account;

import static dev.acuse.account.AccountFixture.newKey;
import static dev.acuse.account.AccountFixture.seller;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.acuse.account.seal.Keys;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccountStoreTest {
  private static final String TOKEN = "APP_USR-123-030214-00112233445566778899aabbccddeeff-2000";
  private static final String CRM_TOKEN = "pit-00000000-1111-4222-8333-444444444444";

  private final List<AutoCloseable> open = new ArrayList<>();
  private final String key = newKey();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private AccountFixture fixture(Engine engine) {
    TestDatabase database = TestDatabase.open(engine);
    open.add(database);
    return new AccountFixture(database);
  }

  private static String refusal(ThrowingCallable change) {
    AccountProblem problem = catchThrowableOfType(AccountProblem.class, change);
    assertThat(problem).isNotNull();
    assertThat(problem.sentence()).isNotBlank().doesNotContain("\n");
    return problem.kind() + " " + problem.field() + " " + problem.code();
  }

  @ParameterizedTest
  @EnumSource
  void withoutAnAccountThereIsMainAsTheEnvironmentHasIt(Engine engine) {
    AccountSet set = fixture(engine).store(key).load();

    assertThat(set.isMainAlone()).isTrue();
    assertThat(set.main()).isEqualTo(AccountFixture.ENVIRONMENT.alone().main());
    assertThat(set.applications()).isEqualTo(AccountFixture.ENVIRONMENT.alone().applications());
    assertThat(set.version()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void anAccountIsAsItWasMadeAndEachChangeRaisesTheVersion(Engine engine) {
    AccountFixture fixture = fixture(engine);
    AccountStore store = fixture.store(key);
    Instant made = fixture.clock.instant();

    Account account =
        store.add(
            "tienda-2",
            AccountChange.NONE
                .withDisplayName(" Tienda ñ ")
                .withAccessToken(Secret.of(TOKEN))
                .withCrmToken(Secret.of(CRM_TOKEN))
                .withLocationId("loc_2")
                .withSite("MLA"));

    assertThat(account.id()).isEqualTo(2);
    assertThat(account.displayName()).isEqualTo("Tienda ñ");
    assertThat(account.sellerId()).as("the token names it").isEqualTo("2000");
    assertThat(account.accessToken()).isEqualTo(new HeldSecret(Secret.of(TOKEN), false, made));
    assertThat(account.accessToken().tail()).isEqualTo("2000");
    assertThat(store.load().byId(2)).contains(account);
    assertThat(store.load().version()).isEqualTo(1);
    assertThat(store.load().applicationOf(account).name()).isEqualTo("main");
    assertThat(fixture.database.count("schema_floor WHERE version = '0021'")).isEqualTo(1);

    fixture.clock.advance(Duration.ofHours(1));
    Account changed =
        store.change(
            2, AccountChange.NONE.withCrmToken(null).withTokenExpiresAt(made).withSite(null));

    assertThat(changed.crmToken()).isEqualTo(HeldSecret.NONE);
    assertThat(changed.site()).isNull();
    assertThat(changed.tokenExpiresAt()).isEqualTo(made);
    assertThat(changed.accessToken())
        .as("what is not given stays")
        .isEqualTo(account.accessToken());
    assertThat(changed.locationId()).isEqualTo("loc_2");
    assertThat(store.load().version()).isEqualTo(2);
    assertThat(store.change(2, AccountChange.NONE)).isEqualTo(changed);
    assertThat(store.load().version()).as("nothing was given").isEqualTo(2);
    String other = TOKEN.replace("0011", "1100");
    Account renewed = store.change(2, AccountChange.NONE.withAccessToken(Secret.of(other)));
    assertThat(renewed.tokenExpiresAt()).as("that was another token's").isNull();
    assertThat(renewed.accessToken().setAt()).isEqualTo(fixture.clock.instant());
  }

  @ParameterizedTest
  @EnumSource
  void aPauseEndsAndADisconnectionDoesNot(Engine engine) {
    AccountFixture fixture = fixture(engine);
    AccountStore store = fixture.store(key);
    store.add("b", seller("2000").withAccessToken(Secret.of(TOKEN)));

    assertThat(store.pause(2, AccountFollower.NONE).state()).isEqualTo(AccountState.PAUSED);
    assertThat(store.pause(2, AccountFollower.NONE).isConnected()).isTrue();
    assertThat(store.load().version()).isEqualTo(2);
    assertThat(store.resume(2, AccountFollower.NONE).isActive()).isTrue();
    Account gone = store.disconnect(2, AccountFollower.NONE);

    assertThat(gone.isConnected()).isFalse();
    assertThat(gone.accessToken()).as("it is of no use any more").isEqualTo(HeldSecret.NONE);
    assertThat(store.disconnect(2, AccountFollower.NONE)).isEqualTo(gone);
    assertThat(store.load().bySeller("2000")).isEmpty();
    assertThat(store.load().byName("b")).contains(gone);
    for (ThrowingCallable change :
        List.<ThrowingCallable>of(
            () -> store.resume(2, AccountFollower.NONE),
            () -> store.change(2, AccountChange.NONE.withDisplayName("c")))) {
      assertThat(refusal(change)).isEqualTo("CONFLICT null disconnected");
    }
    assertThat(refusal(() -> store.add("b", seller("3000")))).isEqualTo("CONFLICT name taken");
    assertThat(store.add("c", seller("2000")).sellerId()).as("it is free").isEqualTo("2000");
    assertThat(refusal(() -> store.disconnect(1, AccountFollower.NONE)))
        .isEqualTo("CONFLICT null main");
    assertThat(refusal(() -> store.pause(9, AccountFollower.NONE)))
        .isEqualTo("NOT_FOUND null not_found");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrongIsRefusedByItsFieldAndNothingIsHalfMade(Engine engine) {
    AccountFixture fixture = fixture(engine);
    AccountStore store = fixture.store(key);
    store.add("b", seller("2000"));
    StoredSettings before = store.read();
    Map<String, ThrowingCallable> changes = new TreeMap<>();
    for (String name : List.of("", "B", "a b", "ñ", "a_b", "a".repeat(33))) {
      assertThat(refusal(() -> store.add(name, seller("3000"))))
          .as(name)
          .isEqualTo("INVALID name malformed");
    }
    changes.put("CONFLICT name taken", () -> store.add("b", seller("3000")));
    changes.put("CONFLICT mp_user_id seller_taken", () -> store.add("c", seller("2000")));
    changes.put("INVALID mp_user_id malformed", () -> store.add("c", seller("2000x")));
    changes.put("INVALID mp_user_id required", () -> store.add("c", AccountChange.NONE));
    changes.put(
        "INVALID display_name malformed",
        () -> store.change(2, AccountChange.NONE.withDisplayName("a\nb")));
    changes.put("INVALID site malformed", () -> store.change(2, AccountChange.NONE.withSite("ar")));
    changes.put(
        "INVALID location_id malformed",
        () -> store.change(2, AccountChange.NONE.withLocationId("../x")));
    changes.put(
        "INVALID application unknown",
        () -> store.change(2, AccountChange.NONE.withApplicationId(9L)));
    changes.put("INVALID access_token too_long", token("x".repeat(2_049), store));
    changes.put("INVALID access_token not_printable", token("a b", store));
    changes.put(
        "INVALID access_token public_key",
        token("APP_USR-00000000-1111-4222-8333-444444444444", store));
    changes.put("INVALID access_token test_token", token("TEST-123-030214-00-2000", store));
    changes.put("INVALID access_token refresh_token", token("TG-00112233-2000", store));
    changes.put("INVALID access_token crm_token", token(CRM_TOKEN, store));
    changes.put("INVALID access_token other_seller", token(TOKEN.replace("2000", "4000"), store));
    changes.put(
        "INVALID refresh_token access_token",
        () -> store.change(2, AccountChange.NONE.withRefreshToken(Secret.of(TOKEN))));
    changes.put(
        "INVALID crm_token mercadopago_token",
        () -> store.change(2, AccountChange.NONE.withCrmToken(Secret.of(TOKEN))));
    changes.put(
        "INVALID crm_token agency_token",
        () -> store.change(2, AccountChange.NONE.withCrmToken(agencyToken())));
    changes.put(
        "CONFLICT access_token set_by_environment",
        () -> store.change(1, AccountChange.NONE.withAccessToken(Secret.of(TOKEN))));
    changes.put("CONFLICT mp_user_id set_by_environment", () -> store.change(1, seller("5")));
    changes.put(
        "CONFLICT webhook_secrets set_by_environment", () -> webhookSecrets(store, 1, "secret"));
    changes.put(
        "INVALID client_id malformed",
        () ->
            store.addApplication(
                "app", ApplicationChange.NONE.withClientId("x"), AccountFollower.NONE));

    changes.forEach((expected, change) -> assertThat(refusal(change)).isEqualTo(expected));

    assertThat(refusal(() -> store.add("c", seller(AccountFixture.MAIN_SELLER))))
        .as("the environment says that it is main's")
        .isEqualTo("CONFLICT mp_user_id seller_taken");
    assertThat(store.read()).isEqualTo(before);
  }

  private static ThrowingCallable token(String text, AccountStore store) {
    return () -> store.change(2, AccountChange.NONE.withAccessToken(Secret.of(text)));
  }

  private static Application webhookSecrets(AccountStore store, long id, String... secrets) {
    List<Secret> list = List.of(secrets).stream().map(Secret::of).toList();
    return store.changeApplication(
        id, ApplicationChange.NONE.withWebhookSecrets(list), AccountFollower.NONE);
  }

  private static Secret agencyToken() {
    var base64 = Base64.getUrlEncoder().withoutPadding();
    String claims =
        base64.encodeToString("{\"authClass\":\"Company\"}".getBytes(StandardCharsets.UTF_8));
    return Secret.of("e30." + claims + ".c2ln");
  }

  @ParameterizedTest
  @EnumSource
  void aSecondAccountWaitsForMainsSellerAndForOlderInstances(Engine engine) {
    AccountFixture fixture = fixture(engine);
    AccountStore unknown = fixture.store(new Keys(Secret.of(key), null), EnvironmentAccount.NONE);
    var older =
        new AccountStore(
            fixture.database.jdbi(),
            fixture.clock,
            new Keys(Secret.of(key), null),
            AccountFixture.ENVIRONMENT,
            () -> true);

    assertThat(refusal(() -> unknown.add("b", seller("2000"))))
        .isEqualTo("CONFLICT null main_seller_unknown");
    assertThat(refusal(() -> older.add("b", seller("2000"))))
        .isEqualTo("CONFLICT null older_instance");
    assertThat(fixture.database.count("schema_floor WHERE version = '0020'")).isEqualTo(1);
    unknown.change(1, seller("1000"));
    unknown.add("b", seller("2000"));
    assertThat(refusal(() -> unknown.change(1, seller("2000"))))
        .isEqualTo("CONFLICT mp_user_id seller_taken");
    assertThat(refusal(() -> unknown.change(1, AccountChange.NONE.withSellerId(null))))
        .isEqualTo("INVALID mp_user_id required");
  }

  @ParameterizedTest
  @EnumSource
  void anApplicationHasItsSecretsAndIsHiddenWhenNoneNeedsIt(Engine engine) {
    AccountFixture fixture = fixture(engine);
    AccountStore store = fixture.store(key);
    Instant first = fixture.clock.instant();
    Application application =
        store.addApplication(
            "agency",
            ApplicationChange.NONE
                .withClientId("777")
                .withClientSecret(Secret.of("client-secret-of-the-agency"))
                .withWebhookSecrets(List.of(Secret.of("first"))),
            AccountFollower.NONE);
    fixture.clock.advance(Duration.ofDays(1));

    Application changed = webhookSecrets(store, application.id(), "second", "first");

    assertThat(changed.webhookSecrets())
        .containsExactly(
            new HeldSecret(Secret.of("second"), false, fixture.clock.instant()),
            new HeldSecret(Secret.of("first"), false, first));
    assertThat(store.load().byClientId("777")).contains(changed);
    store.add("b", seller("2000").withApplicationId(application.id()));
    assertThat(store.load().ownedBy(application.id())).extracting(Account::name).containsOnly("b");
    assertThat(refusal(() -> store.hideApplication(application.id(), AccountFollower.NONE)))
        .isEqualTo("CONFLICT null in_use");
    assertThat(refusal(() -> store.hideApplication(1, AccountFollower.NONE)))
        .isEqualTo("CONFLICT null main");
    assertThat(refusal(() -> webhookSecrets(store, application.id(), "a", "a")))
        .isEqualTo("INVALID webhook_secrets repeated");
    assertThat(
            refusal(
                () ->
                    store.addApplication(
                        "other", ApplicationChange.NONE.withClientId("777"), AccountFollower.NONE)))
        .isEqualTo("CONFLICT client_id taken");
    store.disconnect(2, AccountFollower.NONE);
    Application hidden = store.hideApplication(application.id(), AccountFollower.NONE);
    assertThat(hidden.isHidden()).isTrue();
    assertThat(hidden.webhookSecrets()).isEmpty();
    assertThat(refusal(() -> webhookSecrets(store, application.id(), "a")))
        .isEqualTo("CONFLICT null hidden");
    assertThat(
            refusal(
                () -> store.addApplication("agency", ApplicationChange.NONE, AccountFollower.NONE)))
        .isEqualTo("CONFLICT name taken");
    assertThat(refusal(() -> store.add("c", seller("3000").withApplicationId(application.id()))))
        .isEqualTo("INVALID application unknown");
  }

  @ParameterizedTest
  @EnumSource
  void followersAreInTheTransaction(Engine engine) {
    AccountFixture fixture = fixture(engine);
    AccountStore store = fixture.store(key);
    List<String> told = new ArrayList<>();
    store.followedBy(
        (handle, before, after) -> {
          told.add((before == null ? "none" : before.locationId()) + " " + after.locationId());
          handle.execute("UPDATE claim_turn SET turn = 4711");
        });
    store.add("b", seller("2000").withLocationId("one"));
    assertThat(fixture.database.count("claim_turn WHERE turn = 4711")).isEqualTo(1);

    assertThatThrownBy(
            () ->
                store.change(2, AccountChange.NONE.withLocationId("two"), AccountStoreTest::refuse))
        .hasMessage("no");

    assertThat(told).containsExactly("none one", "one two");
    assertThat(store.load().byId(2).orElseThrow().locationId()).isEqualTo("one");
    assertThat(store.load().version()).isEqualTo(1);
  }

  private static void refuse(Handle handle, @Nullable Account before, Account after) {
    throw new IllegalStateException("no");
  }

  @ParameterizedTest
  @EnumSource
  void withoutAKeyOrWithAnotherNothingIsSealed(Engine engine) {
    AccountFixture fixture = fixture(engine);
    AccountStore none = fixture.store((String) null);
    none.add("b", seller("2000"));
    AccountChange secret = AccountChange.NONE.withAccessToken(Secret.of(TOKEN));

    assertThat(refusal(() -> none.change(2, secret))).isEqualTo("CONFLICT access_token no_key");
    fixture.store(key).change(2, secret);
    AccountStore other = fixture.store(newKey());

    for (AccountStore store : List.of(none, other)) {
      assertThat(refusal(() -> store.change(2, secret)))
          .isEqualTo("CONFLICT access_token wrong_key");
      assertThat(refusal(store::rotate)).isEqualTo("CONFLICT null wrong_key");
      HeldSecret held = store.load().byId(2).orElseThrow().accessToken();
      assertThat(held.isUnreadable()).isTrue();
      assertThat(held.isSet()).isTrue();
      assertThat(held.value().isSet()).isFalse();
      assertThat(store.change(2, AccountChange.NONE.withSite("MLA")).site())
          .as("what is no secret can be changed")
          .isEqualTo("MLA");
    }
    assertThat(fixture.store(key).load().byId(2).orElseThrow().accessToken().value())
        .isEqualTo(Secret.of(TOKEN));
  }

  @ParameterizedTest
  @EnumSource
  void aRotationSealsEverythingByTheFirstKey(Engine engine) {
    AccountFixture fixture = fixture(engine);
    assertThat(fixture.store(key).rotate()).as("there is nothing yet").isZero();
    fixture.store(key).add("b", seller("2000").withAccessToken(Secret.of(TOKEN)));
    fixture
        .store(key)
        .addApplication(
            "agency",
            ApplicationChange.NONE.withWebhookSecrets(List.of(Secret.of("a"), Secret.of("b"))),
            AccountFollower.NONE);
    String fresh = newKey();
    AccountSet before = fixture.store(key).load();

    assertThat(fixture.store(fresh + "," + key).rotate()).isEqualTo(2);
    assertThat(fixture.store(fresh + "," + key).rotate()).isZero();

    AccountSet after = fixture.store(fresh).load();
    assertThat(after.all()).isEqualTo(before.all());
    assertThat(after.applications()).isEqualTo(before.applications());
    assertThat(after.version()).isGreaterThan(before.version());
    assertThat(fixture.store(key).load().byId(2).orElseThrow().accessToken().isUnreadable())
        .isTrue();
    assertThat(
            refusal(
                () ->
                    fixture
                        .store(key)
                        .change(2, AccountChange.NONE.withCrmToken(Secret.of(CRM_TOKEN)))))
        .isEqualTo("CONFLICT crm_token wrong_key");
  }

  @Test
  void aRotationOfAKeyFileDropsTheOldKey() throws Exception {
    AccountFixture fixture = fixture(Engine.H2);
    Path file = fixture.database.folder().resolve("acuse.key");
    AccountStore store = fixture.store(new Keys(Secret.NONE, file), AccountFixture.ENVIRONMENT);
    store.add("b", seller("2000").withAccessToken(Secret.of(TOKEN)));
    String old = Files.readString(file);

    assertThat(store.rotate()).isEqualTo(1);

    assertThat(Files.readString(file)).isNotEqualTo(old).doesNotContain(old.strip());
    assertThat(
            fixture
                .store(new Keys(Secret.NONE, file), AccountFixture.ENVIRONMENT)
                .load()
                .byId(2)
                .orElseThrow()
                .accessToken()
                .value())
        .isEqualTo(Secret.of(TOKEN));
  }

  /** The second begins when the first is about to keep its own key alone. */
  @Test
  @Timeout(60)
  void twoRotationsOfAKeyFileAtOnceLoseNoSecret() throws Exception {
    AccountFixture fixture = fixture(Engine.H2);
    Path file = fixture.database.folder().resolve("acuse.key");
    AccountStore store = fixture.store(new Keys(Secret.NONE, file), AccountFixture.ENVIRONMENT);
    store.add("b", seller("2000").withAccessToken(Secret.of(TOKEN)));
    Thread second = new Thread(store::rotate);
    Handle held = fixture.database.jdbi().open();
    var begun = new AtomicBoolean();
    store.whenChanged(
        () -> {
          if (begun.compareAndSet(false, true)) {
            held.begin();
            held.attach(AccountDao.class).lock();
            second.start();
            await()
                .until(
                    () ->
                        second.getState() == Thread.State.BLOCKED
                            || Files.readString(file).split(",", -1).length == 3);
          }
        });

    store.rotate();
    held.rollback();
    held.close();
    second.join();

    assertThat(
            fixture
                .store(new Keys(Secret.NONE, file), AccountFixture.ENVIRONMENT)
                .load()
                .byId(2)
                .orElseThrow()
                .accessToken()
                .value())
        .isEqualTo(Secret.of(TOKEN));
    assertThat(Files.readString(file)).doesNotContain(",");
  }

  /** No secret stands in clear in a file, a text of a record or an exception. */
  @Test
  void theCanaryIsNowhereInClear() throws Exception {
    AccountFixture fixture = fixture(Engine.H2);
    AccountStore store = fixture.store(key);
    Path file = fixture.database.folder().resolve("acuse.settings.sealed");
    var live = new LiveAccounts(store, file, Duration.ofHours(1), () -> 0);
    List<String> canaries = new ArrayList<>();
    StringBuilder said = new StringBuilder();
    for (int i = 2; i <= 4; i++) {
      String canary = "canary" + UUID.randomUUID().toString().replace("-", "");
      canaries.add(canary);
      AccountChange change =
          seller(i + "000")
              .withDisplayName("shown to people")
              .withAccessToken(Secret.of(canary + "-access"))
              .withRefreshToken(Secret.of(canary + "-refresh"))
              .withCrmToken(Secret.of(canary + "-crm"));
      ApplicationChange values =
          ApplicationChange.NONE
              .withClientSecret(Secret.of(canary + "-client"))
              .withWebhookSecrets(List.of(Secret.of(canary + "-webhook")));
      said.append(change).append(values).append(store.add("a" + i, change));
      said.append(store.addApplication("a" + i, values, AccountFollower.NONE));
      long id = i;
      AccountProblem problem =
          catchThrowableOfType(
              AccountProblem.class,
              () ->
                  store.change(
                      id, AccountChange.NONE.withAccessToken(Secret.of("TEST-" + canary))));
      said.append(problem).append(problem.sentence());
    }
    said.append(live.current().all()).append(live.current().applications()).append(store.read());
    said.append(store.keys().ring());
    assertThat(live.current().byName("a4").orElseThrow().accessToken().value().reveal())
        .as("it is there")
        .startsWith(canaries.get(2));
    fixture.database.disconnect();

    byte[] data = Files.readAllBytes(fixture.database.folder().resolve("acuse.mv.db"));
    String h2 = new String(data, StandardCharsets.ISO_8859_1);
    String sealed = Files.readString(file);
    assertThat(h2).contains("v1:");
    assertThat(sealed).contains("v1:").doesNotContain("shown to people", "active", "00000000-0000");
    for (String canary : canaries) {
      assertThat(h2).doesNotContain(canary);
      assertThat(sealed).doesNotContain(canary);
      assertThat(said).doesNotContain(canary);
    }
    assertThat(said).doesNotContain(key);
  }
}
