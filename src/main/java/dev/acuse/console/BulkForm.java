package dev.acuse.console;

import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemException;
import jakarta.ws.rs.core.MultivaluedMap;
import org.glassfish.jersey.uri.UriComponent;
import org.jspecify.annotations.Nullable;

/**
 * What the form of each retry of many holds.
 *
 * @param once the form's key: sent twice, it begins one job
 * @param reason why, for the audit
 */
record BulkForm(String once, String reason) {
  private static final int MAX_QUERY = 4096;
  private static final int MAX_KEY = 100;

  /**
   * @throws ProblemException if the reason or the key is missing
   */
  static BulkForm of(MultivaluedMap<String, String> sent) {
    String reason = new Parameter("reason", sent.getFirst("reason")).value();
    String once = new Parameter("once", sent.getFirst("once")).text(MAX_KEY);
    if (reason == null) {
      throw ProblemException.invalidParameter("reason", "is missing: say why, for the audit");
    }
    if (once == null) {
      throw ProblemException.invalidParameter("once", "is missing");
    }
    return new BulkForm(once, reason);
  }

  /**
   * The query of the list that the form came from, decoded.
   *
   * @throws ProblemException if it is too long, or a percent sign in it encodes nothing
   */
  static MultivaluedMap<String, String> query(@Nullable String query) {
    String text = query == null ? "" : query;
    if (text.length() > MAX_QUERY) {
      throw ProblemException.invalidParameter("query", "is too long");
    }
    try {
      return UriComponent.decodeQuery(text.startsWith("?") ? text.substring(1) : text, true);
    } catch (IllegalArgumentException e) {
      // In an address Jersey mends such a sign before it decodes; here the text is as it was sent.
      throw ProblemException.invalidParameter("query", "must be percent-encoded");
    }
  }
}
