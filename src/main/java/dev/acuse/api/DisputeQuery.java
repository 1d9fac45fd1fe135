package dev.acuse.api;

import dev.acuse.dispute.DisputeFilter;
import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.DisputeState;
import dev.acuse.http.Cursor;
import dev.acuse.http.Parameter;
import dev.acuse.http.QueryParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads from a query which disputes are meant. */
final class DisputeQuery {
  /** The parameters that it reads. */
  static final Set<String> NAMES =
      Set.of("kind", "state", "open", "payment_id", "mp_id", "due_before", AccountNames.ACCOUNT);

  private static final int MAX_TEXT = 256;

  private DisputeQuery() {}

  /**
   * The filter that the query asks for. Its account is left to {@link AccountNames#narrowed}.
   *
   * @throws dev.acuse.http.ProblemException if a parameter is not what it should be
   */
  static DisputeFilter read(QueryParameters query) {
    Parameter open = query.get("open");
    return new DisputeFilter(
        query.get("kind").oneOf(DisputeKind.KNOWN.toArray(DisputeKind[]::new), DisputeKind::code),
        query
            .get("state")
            .oneOf(DisputeState.KNOWN.toArray(DisputeState[]::new), DisputeState::code),
        open.value() == null ? null : open.flag(),
        query.get("payment_id").text(MAX_TEXT),
        query.get("mp_id").text(MAX_TEXT),
        query.get("due_before").instant());
  }

  /** The cursor of the list of disputes that a query narrows. */
  static Cursor cursor(QueryParameters query) {
    List<@Nullable Object> values =
        Arrays.asList(
            query.get("kind").value(),
            query.get("state").value(),
            query.get("open").value(),
            query.get("payment_id").value(),
            query.get("mp_id").value(),
            query.get("due_before").instant(),
            query.get(AccountNames.ACCOUNT).value());
    return new Cursor("disputes", values);
  }
}
