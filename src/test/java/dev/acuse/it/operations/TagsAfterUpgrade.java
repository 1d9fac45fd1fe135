package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import java.util.ArrayList;
import java.util.List;

/**
 * What the sandbox's own books say of the tags after an upgrade: those of a {@link PastInbox}, and
 * those of the sales since.
 *
 * @param sold how many sales there were
 */
record TagsAfterUpgrade(Sandbox sandbox, int sold) {

  /** Contacts whose tag is due and not on them. */
  List<String> missing() {
    return contacts().stream()
        .filter(contact -> !sandbox.goHighLevel().tagsOf(contact).contains("pago_confirmado"))
        .toList();
  }

  /**
   * Each was put on, at most once more where a process came to its end, and what the release before
   * had put on was left alone.
   *
   * @param most how many calls may have been under way then
   */
  void assertCalled(int most) {
    int more = 0;
    for (String contact : contacts()) {
      int calls = sandbox.goHighLevel().tagCalls(contact).size();
      assertThat(calls).as(contact).isBetween(1, 2);
      more += calls - 1;
    }
    assertThat(more).as("calls that were under way when it ended").isLessThanOrEqualTo(most);
    for (int i = 1; i <= 300; i++) {
      assertThat(sandbox.goHighLevel().tagCalls("past" + i)).as("applied before").isEmpty();
    }
  }

  private List<String> contacts() {
    List<String> contacts = new ArrayList<>(PastInbox.outstanding());
    for (int i = 0; i < sold; i++) {
      contacts.add("contact" + i);
    }
    return contacts;
  }
}
