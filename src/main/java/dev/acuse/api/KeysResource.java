package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.access.ApiKey;
import dev.acuse.access.KeyStore;
import dev.acuse.access.NewKey;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Cursor;
import dev.acuse.http.Page;
import dev.acuse.http.PageRequest;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of the API. A key in clear is in the one answer that it was made by. */
@Path("/api/keys")
@Produces(MediaType.APPLICATION_JSON)
@AdminOnly
public final class KeysResource {
  private final KeyStore keys;

  /** Shows and makes the keys of this store. */
  public KeysResource(KeyStore keys) {
    this.keys = keys;
  }

  /** The body of a request for a key. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Asked(
      @Nullable String name,
      @Nullable String role,
      @Nullable List<String> accounts,
      @Nullable Instant expiresAt) {}

  /**
   * A key in an answer.
   *
   * @param accounts names, or only {@code *}
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record KeyView(
      long id,
      String name,
      String role,
      List<String> accounts,
      String tail,
      Instant createdAt,
      String createdBy,
      @Nullable Instant expiresAt,
      @Nullable Instant lastUsedAt,
      @Nullable Instant revokedAt) {}

  /**
   * A key that was just made.
   *
   * @param secret the key in clear
   */
  record IssuedView(KeyView key, String secret) {
    /** Without the key. */
    @Override
    public String toString() {
      return "IssuedView " + key.name();
    }
  }

  /** The keys whose accounts are all the caller's, newest first; the revoked too. */
  @GET
  public Page<KeyView> list(
      @Auth ApiCaller caller,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    List<ApiKey> all = keys.list(caller.grantor());
    return Page.page(
        (before, size) ->
            all.stream().filter(key -> before == null || key.id() < before).limit(size).toList(),
        PageRequest.of(new Cursor("keys", List.of()), cursor, limit),
        ApiKey::id,
        this::view);
  }

  /** Makes a key. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response make(@Auth ApiCaller caller, @Nullable Asked body) {
    Asked asked = AccessProblems.body(body);
    KeyStore.Issued issued =
        AccessProblems.naming(
            () ->
                keys.make(
                    new NewKey(asked.name(), asked.role(), asked.accounts(), asked.expiresAt()),
                    caller.grantor()));
    return Response.status(Response.Status.CREATED)
        .entity(new IssuedView(view(issued.key()), issued.secret().reveal()))
        .build();
  }

  /** Revokes a key; one that is revoked already stays as it is. */
  @DELETE
  @Path("/{id}")
  public KeyView revoke(@Auth ApiCaller caller, @PathParam("id") String id) {
    return keys.revoke(Parameter.id(id), caller.grantor())
        .map(this::view)
        .orElseThrow(() -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such key."));
  }

  private KeyView view(ApiKey key) {
    return new KeyView(
        key.id(),
        key.name(),
        key.role().keyCode(),
        keys.accountsOf(key),
        key.tail(),
        key.createdAt(),
        key.createdBy(),
        key.expiresAt(),
        key.lastUsedAt(),
        key.revokedAt());
  }
}
