package dev.acuse.console;

import dev.acuse.api.AccountNames;
import dev.acuse.api.EffectQuery;
import dev.acuse.effect.EffectFilter;
import dev.acuse.event.Scope;
import dev.acuse.http.QueryParameters;
import dev.acuse.payment.PaymentReader;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The filter of the list of effects as it stands in the address; the same parameters as the API's.
 */
final class EffectFilterForm {
  /** In the order in which they stand in an address. */
  private static final List<String> FIELDS =
      List.of("state", "kind", "payment_id", "checkout_id", "account");

  private static final Set<String> KNOWN =
      Stream.concat(EffectQuery.NAMES.stream(), Stream.of("cursor"))
          .collect(Collectors.toUnmodifiableSet());

  private final QueryParameters sent;
  private final EffectFilter filter;
  private final Scope scope;

  /**
   * @param seen what the visitor sees
   * @throws dev.acuse.http.ProblemException if a value is not what it should be
   */
  EffectFilterForm(
      MultivaluedMap<String, String> query,
      PaymentReader payments,
      AccountNames accounts,
      Scope seen) {
    this.sent = new QueryParameters(query, KNOWN);
    this.scope = accounts.narrowed(seen, sent.get(AccountNames.ACCOUNT));
    this.filter = new EffectQuery(payments).read(scope, sent);
  }

  EffectFilter filter() {
    return filter;
  }

  /** What the visitor sees of the account that is asked for. */
  Scope scope() {
    return scope;
  }

  @Nullable Long before() {
    return EffectQuery.cursor(sent).read(sent.get("cursor"));
  }

  /** The list that goes on after a row, for the address. */
  <T> Listing<T> listing(List<T> read, ToLongFunction<T> id) {
    return Listing.of(read, id, EffectQuery.cursor(sent), query());
  }

  /** What stands in the fields; absent where nothing does. */
  Map<String, String> values() {
    return fields(sent.get("state").value()).values();
  }

  /** Whether anything but the state narrows the list. */
  boolean isNarrowed() {
    return values().keySet().stream().anyMatch(name -> !name.equals("state"));
  }

  /** The address's query without a cursor; empty or with its {@code ?}. */
  String query() {
    return fields(sent.get("state").value()).query();
  }

  /** The same with another state; with any for null. */
  String queryWithState(@Nullable String state) {
    return fields(state).query();
  }

  private Fields fields(@Nullable String state) {
    var fields = new Fields();
    for (String name : FIELDS) {
      fields.put(name, name.equals("state") ? state : sent.get(name).value());
    }
    return fields;
  }
}
