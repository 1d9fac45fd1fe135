package dev.acuse.http;

import java.security.Principal;

/**
 * Whoever asks the API for something; for the audit of what is done by request.
 *
 * @param name {@code api-token} or {@code loopback}
 */
public record ApiCaller(String name) implements Principal {

  @Override
  public String getName() {
    return name;
  }
}
