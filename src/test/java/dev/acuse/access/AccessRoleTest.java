package dev.acuse.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessRoleTest {
  private static final Map<AccessRole, Set<AccessRole>> INCLUDES =
      Map.of(
          AccessRole.UNKNOWN, Set.of(),
          AccessRole.LINK, Set.of(AccessRole.LINK),
          AccessRole.VIEWER, Set.of(AccessRole.VIEWER),
          AccessRole.OPERATOR, Set.of(AccessRole.LINK, AccessRole.VIEWER, AccessRole.OPERATOR),
          AccessRole.ADMIN,
              Set.of(AccessRole.LINK, AccessRole.VIEWER, AccessRole.OPERATOR, AccessRole.ADMIN));

  @Test
  void aRoleIncludesThoseThatMayDoNoMore() {
    for (AccessRole one : AccessRole.values()) {
      for (AccessRole other : AccessRole.values()) {
        assertThat(one.includes(other))
            .as("%s includes %s", one, other)
            .isEqualTo(INCLUDES.getOrDefault(one, Set.of()).contains(other));
      }
    }
  }

  @Test
  void aWordOfANewerVersionIsUnknown() {
    assertThat(AccessRole.ofKey("read")).isEqualTo(AccessRole.VIEWER);
    assertThat(AccessRole.ofPerson("viewer")).isEqualTo(AccessRole.VIEWER);
    for (String word : new String[] {"auditor", "unknown", "", "READ", "viewer"}) {
      assertThat(AccessRole.ofKey(word)).as(word).isEqualTo(AccessRole.UNKNOWN);
    }
    for (String word : new String[] {"auditor", "unknown", "", "Admin", "link", "read"}) {
      assertThat(AccessRole.ofPerson(word)).as(word).isEqualTo(AccessRole.UNKNOWN);
    }
  }
}
