package dev.acuse.mercadopago.notification;

import org.jspecify.annotations.Nullable;

/**
 * What IPN's {@code resource} names: an id, or a URL that ends in one, at whichever of
 * MercadoPago's hosts ({@code …/collections/notifications/ID}, {@code …/v1/payments/ID}, {@code
 * …/merchant_orders/ID}). It is never fetched, because the sender chose its host. Pure.
 */
final class ResourceUrl {
  private static final String AUTHORITY = "//";

  private ResourceUrl() {}

  /** The last segment of the path, whatever follows the path; null if there is none. */
  static @Nullable String id(@Nullable String resource) {
    if (resource == null) {
      return null;
    }
    String path = path(resource.strip());
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    String id = path.substring(path.lastIndexOf('/', end - 1) + 1, end).strip();
    return id.isEmpty() ? null : id;
  }

  private static String path(String resource) {
    int end = resource.length();
    for (char delimiter : new char[] {'?', '#', ';'}) {
      int at = resource.indexOf(delimiter);
      end = at >= 0 && at < end ? at : end;
    }
    int authority = resource.indexOf(AUTHORITY);
    boolean isUrl = authority == 0 || (authority > 0 && resource.charAt(authority - 1) == ':');
    if (!isUrl || authority > end) {
      return resource.substring(0, end);
    }
    int slash = resource.indexOf('/', authority + AUTHORITY.length());
    return slash < 0 || slash > end ? "" : resource.substring(slash, end);
  }
}
