package dev.acuse.http;

import io.dropwizard.auth.Authenticator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * Knows the API's root token by its hash. Comparing takes the same time whatever is sent: hashes
 * are of one length, and their bytes are compared to the end. Thread-safe.
 */
public final class ApiTokenAuthenticator implements Authenticator<String, ApiCaller> {
  private static final ApiCaller TOKEN_HOLDER = ApiCaller.root("api-token");

  private final byte[] expected;

  /**
   * @param token the configured token
   * @throws IllegalArgumentException if it is blank: it would let in whoever sends nothing
   */
  public ApiTokenAuthenticator(String token) {
    if (token.isBlank()) {
      throw new IllegalArgumentException("the token is blank");
    }
    this.expected = sha256(token);
  }

  @Override
  public Optional<ApiCaller> authenticate(String token) {
    return MessageDigest.isEqual(expected, sha256(token))
        ? Optional.of(TOKEN_HOLDER)
        : Optional.empty();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      // Every Java platform has it.
      throw new IllegalStateException(e);
    }
  }
}
