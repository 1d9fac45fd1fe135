package dev.acuse.http;

import dev.acuse.event.Scope;
import java.security.Principal;

/**
 * Whoever asks the API for something; for the audit of what is done by request.
 *
 * @param name {@code api-token} or {@code loopback}
 * @param scope whose accounts the caller sees
 */
public record ApiCaller(String name, Scope scope) implements Principal {

  @Override
  public String getName() {
    return name;
  }
}
