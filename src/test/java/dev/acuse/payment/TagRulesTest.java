package dev.acuse.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TagRulesTest {

  @Test
  void tagsAreLowerCaseWithoutBlanksAroundAndWithoutRepetition() {
    var rules = new TagRules(Map.of(" Approved ", List.of(" Pago_Confirmado", "pago_confirmado ")));

    assertThat(rules.tagsFor("approved")).containsExactly("pago_confirmado");
    assertThat(rules.tagsFor("refunded")).isEmpty();
  }

  @Test
  void laterChangesOfTheConfigurationDoNotReachTheRules() {
    var tags = new ArrayList<>(List.of("a"));
    var map = new HashMap<>(Map.of("approved", (List<String>) tags));
    var rules = new TagRules(map);

    tags.add("b");
    map.clear();

    assertThat(rules.tagsFor("approved")).containsExactly("a");
  }

  @Test
  void whatIsWrongIsNamedByItsKey() {
    assertRefused("tags.approved[1]", Map.of("Approved", List.of("a", " ")));
    assertRefused("tags.approved[0]", Map.of("approved", Arrays.asList((String) null)));
    assertRefused("tags.approved[0]", Map.of("approved", List.of("a\nb")));
    assertRefused("tags.approved[0]", Map.of("approved", List.of("a".repeat(129))));
    assertRefused("blank status", Map.of(" ", List.of("a")));
    assertRefused("approved twice", Map.of("approved", List.of("a"), "APPROVED", List.of("b")));
    var withoutList = new HashMap<String, List<String>>();
    withoutList.put("approved", null);
    assertRefused("tags.approved must be a list", withoutList);
  }

  private static void assertRefused(String inMessage, Map<String, List<String>> tags) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TagRules(tags))
        .withMessageContaining(inMessage);
  }
}
