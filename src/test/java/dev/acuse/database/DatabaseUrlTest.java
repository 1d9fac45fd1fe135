package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  private static final String CANARY = "canary0secret";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//user:canary0secret@host/db",
        "//user:canary0secret@host:5432/db",
        "//canary0secret@host/db",
        "//one:5432,user:canary0secret@two:5432/db",
        "//user:can/ary@host/canary0secret",
        "//user:can?ary0=canary0secret@host/db",
        "//user:12?canary0secret@host/db",
        "//user:12&canary0secret@host/db",
        "//user:canary0secret%40host/db",
        "//host:canary0secret/db",
        "//host:99999/db?password=canary0secret",
        "//host:0/db?password=canary0secret",
        "//ho st/db?password=canary0secret",
        "//host/db?password=canary0secret%zz",
        "//host/db?sslpassword=%&password=canary0secret",
        "//host/db%zz?password=canary0secret",
        "//host/db?canary0secret@x=1",
        "user:canary0secret@host/db",
      })
  void whatTheDriverWouldNotUnderstandIsAFaultThatShowsNoPartOfIt(String rest) {
    DatabaseUrl url = DatabaseUrl.of("jdbc:postgresql:" + rest);

    assertThat(url.fault()).isNotBlank().doesNotContain(CANARY).doesNotContain("\n");
    assertThat(url.clean()).isEqualTo("jdbc:postgresql:");
    assertThat(url.toString()).doesNotContain(CANARY);
  }

  @Test
  void whatMayHoldASecretIsTakenOutOfTheAddress() {
    DatabaseUrl url =
        DatabaseUrl.of(
            "jdbc:postgresql://a:1,[::1]:2/db?user=joe&password=p%26w%2B&sslpassword=x"
                + "&targetServerType=primary&service=prod");

    assertThat(url.fault()).isNull();
    assertThat(url.clean()).isEqualTo("jdbc:postgresql://a:1,[::1]:2/db?service=prod");
    assertThat(url.user()).isEqualTo("joe");
    assertThat(url.password()).isEqualTo("p&w+");
    assertThat(url.properties())
        .isEqualTo(Map.of("sslpassword", "x", "targetServerType", "primary"));
  }

  @ParameterizedTest
  @CsvSource({
    "//host/db,//host/db",
    "//host:5432/db%40home,//host:5432/db%40home",
    "///,///",
    "db,db",
    "//host,//host",
    "//db-1.example.test:6432/a?,//db-1.example.test:6432/a",
  })
  void anAddressWithoutParametersStaysAsItIs(String rest, String clean) {
    DatabaseUrl url = DatabaseUrl.of("jdbc:postgresql:" + rest);

    assertThat(url.fault()).isNull();
    assertThat(url.clean()).isEqualTo("jdbc:postgresql:" + clean);
    assertThat(url.password()).isNull();
  }

  @Test
  void ofH2UserAndPasswordAreTakenOutInWhateverCase() {
    DatabaseUrl url =
        DatabaseUrl.of("jdbc:h2:file:./a;MODE=PostgreSQL;password=a=b;User=joe;CIPHER=AES");

    assertThat(url.clean()).isEqualTo("jdbc:h2:file:./a;MODE=PostgreSQL;CIPHER=AES");
    assertThat(url.user()).isEqualTo("joe");
    assertThat(url.password()).isEqualTo("a=b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres://user:canary0secret@host/db", "canary0secret", ""})
  void nothingIsShownOfWhatIsNoAddressOfEither(String text) {
    assertThat(DatabaseUrl.of(text).toString()).isIn("", "jdbc:");
    assertThat(DatabaseUrl.of(text).fault()).isNull();
  }
}
