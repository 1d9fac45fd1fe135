package dev.acuse.http;

import dev.acuse.access.AccessRole;
import dev.acuse.access.ApiKey;
import dev.acuse.access.Grantor;
import dev.acuse.event.Scope;
import java.security.Principal;

/**
 * The caller of the API; for its rights, and for the audit of what is done by request.
 *
 * @param name {@code api-token}, {@code loopback} or {@code key:} and the name of a key
 * @param role what the caller may do
 * @param scope whose accounts the caller sees
 */
public record ApiCaller(String name, AccessRole role, Scope scope) implements Principal {

  /** The caller that may do everything. */
  static ApiCaller root(String name) {
    return new ApiCaller(name, AccessRole.ADMIN, Scope.everything());
  }

  /** The holder of a key. */
  public static ApiCaller of(ApiKey key) {
    return new ApiCaller("key:" + key.name(), key.role(), key.scope());
  }

  /** The same as one that gives rights. */
  public Grantor grantor() {
    return new Grantor(name, role, scope);
  }

  @Override
  public String getName() {
    return name;
  }
}
