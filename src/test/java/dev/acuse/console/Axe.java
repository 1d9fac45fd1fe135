package dev.acuse.console;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import java.util.List;

/** What of a page people with a disability cannot use, by the rules of WCAG 2.2 AA. */
final class Axe {
  private Axe() {}

  /** Each rule that is violated, with the first element that does. */
  static List<String> violations(Page page) {
    // In one piece, because no page has frames; else axe opens another page for each report.
    return new AxeBuilder(page)
            .setLegacyMode(true)
            .withTags(
                List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
            .analyze()
            .getViolations()
            .stream()
            .map(rule -> rule.getId() + " " + rule.getNodes().get(0).getHtml())
            .toList();
  }
}
