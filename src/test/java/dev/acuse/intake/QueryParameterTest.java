package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParameterTest {
  @Test
  void valuesAreDecodedOnceInTheOrderSent() {
    assertThat(
            QueryParameter.values("type=payment&data.id=1&data.id=2%33&data%2Eid=a+b", "data.id"))
        .containsExactly("1", "23", "a b");
    assertThat(QueryParameter.values("data.id=%2531&data.id=", "data.id")).containsExactly("%31");
    assertThat(QueryParameter.values(null, "data.id")).isEmpty();
    assertThat(QueryParameter.values("", "data.id")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cliente=Descuento+50%&data.id=1&type=payment",
        "a%zzb&data.id=1",
        "%=%&data.id=1",
        "a=%4&data.id=1",
        "a=%ff%fe&data.id=1",
        "=x&&=&&data.id=1&",
        "a;b=c;d&data.id=1",
        "data.id&data.id=1&xdata.id=2&data.idx=3&DATA.ID=4",
        "?a=b?c&data.id=1",
      })
  void whateverElseIsInTheQueryDoesNotMatter(String query) {
    assertThat(QueryParameter.values(query, "data.id")).containsExactly("1");
  }

  @Test
  void noNumberOfOtherParametersHidesOne() {
    assertThat(QueryParameter.values("a=b&".repeat(2_000) + "data.id=1", "data.id"))
        .containsExactly("1");
    assertThat(QueryParameter.values("data.id=1&".repeat(2_000), "data.id")).hasSize(100);
  }
}
