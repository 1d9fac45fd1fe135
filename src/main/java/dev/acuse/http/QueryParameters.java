package dev.acuse.http;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;

/**
 * The query of one request, for resources that take many parameters or must not overlook any. A
 * parameter sent twice is refused: it is not for us to choose.
 */
public final class QueryParameters {
  private final MultivaluedMap<String, String> sent;
  private final Set<String> known;

  /**
   * @param uri the request's, injected by {@code @Context}
   * @param known the parameters that the resource takes, as the API's documentation has them
   */
  public QueryParameters(UriInfo uri, Set<String> known) {
    this(uri.getQueryParameters(), known);
  }

  /**
   * @param sent what was sent, decoded
   * @param known the parameters that the resource takes
   */
  public QueryParameters(MultivaluedMap<String, String> sent, Set<String> known) {
    this.sent = sent;
    this.known = known;
  }

  /**
   * The parameter with that name; its value is null if it was not sent.
   *
   * @throws IllegalArgumentException if the resource does not own up to taking it
   */
  public Parameter get(String name) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException("undeclared query parameter " + name);
    }
    List<String> values = sent.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw ProblemException.invalidParameter(name, "must be given only once");
    }
    return new Parameter(name, values.isEmpty() ? null : values.get(0));
  }

  /**
   * Refuses a query with any parameter that is not known: a typo in a filter must not widen what is
   * changed. For requests that change something; a list may ignore what it does not know.
   */
  public void refuseOthers() {
    if (!known.containsAll(sent.keySet())) {
      throw ProblemException.of(
          ProblemCode.INVALID_PARAMETER,
          "The query has an unknown parameter; known are: "
              + String.join(", ", known.stream().sorted().toList())
              + ".");
    }
  }
}
