package dev.acuse.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;

/** What a token of the form of a JSON Web Token says of itself. */
final class TokenClaims {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PARTS = 3;

  private TokenClaims() {}

  /** Whether it says that it is one of an agency (GoHighLevel: of a company). */
  static boolean isOfAgency(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != PARTS) {
      return false;
    }
    try {
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      return claims != null && "Company".equals(claims.path("authClass").asText());
    } catch (IOException | IllegalArgumentException e) {
      // It is no such token, then. What it holds is not told.
      return false;
    }
  }
}
