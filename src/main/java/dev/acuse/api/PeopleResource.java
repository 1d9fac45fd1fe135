package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.access.NewPerson;
import dev.acuse.access.Person;
import dev.acuse.access.PersonChange;
import dev.acuse.access.PersonStore;
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
import jakarta.ws.rs.PATCH;
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

/** People who sign in to the console. A password is in no answer. */
@Path("/api/people")
@Produces(MediaType.APPLICATION_JSON)
@AdminOnly
public final class PeopleResource {
  private final PersonStore people;

  /** Shows and changes the people of this store. */
  public PeopleResource(PersonStore people) {
    this.people = people;
  }

  /** The body of a request to add a person. */
  record Asked(
      @Nullable String name,
      @Nullable String role,
      @Nullable List<String> accounts,
      @Nullable String password) {
    @Override
    public String toString() {
      return "Asked";
    }
  }

  /** The body of a request to change a person; what is missing or null stays. */
  record Change(
      @Nullable String role,
      @Nullable List<String> accounts,
      @Nullable String password,
      @Nullable Boolean disabled) {
    @Override
    public String toString() {
      return "Change";
    }
  }

  /**
   * A person in an answer.
   *
   * @param accounts names, or only {@code *}
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record PersonView(
      long id,
      String name,
      String role,
      List<String> accounts,
      Instant createdAt,
      String createdBy,
      Instant updatedAt,
      @Nullable Instant disabledAt) {}

  /** The people whose accounts are all the caller's, newest first; the disabled too. */
  @GET
  public Page<PersonView> list(
      @Auth ApiCaller caller,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    List<Person> all = people.list(caller.grantor());
    return Page.page(
        (before, size) ->
            all.stream()
                .filter(person -> before == null || person.id() < before)
                .limit(size)
                .toList(),
        PageRequest.of(new Cursor("people", List.of()), cursor, limit),
        Person::id,
        this::view);
  }

  /** Adds a person. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response add(@Auth ApiCaller caller, @Nullable Asked body) {
    Asked asked = AccessProblems.body(body);
    Person added =
        AccessProblems.naming(
            () ->
                people.add(
                    new NewPerson(asked.name(), asked.role(), asked.accounts(), asked.password()),
                    caller.grantor()));
    return Response.status(Response.Status.CREATED).entity(view(added)).build();
  }

  /** Changes a person, whose sessions end. */
  @PATCH
  @Path("/{id}")
  @Consumes(MediaType.APPLICATION_JSON)
  public PersonView change(
      @Auth ApiCaller caller, @PathParam("id") String id, @Nullable Change body) {
    Change change = AccessProblems.body(body);
    return changed(
        caller,
        id,
        new PersonChange(change.role(), change.accounts(), change.password(), change.disabled()));
  }

  /** Has a person sign in no more; the name stays taken, because the audit has it. */
  @DELETE
  @Path("/{id}")
  public PersonView disable(@Auth ApiCaller caller, @PathParam("id") String id) {
    return changed(caller, id, PersonChange.DISABLED);
  }

  private PersonView changed(ApiCaller caller, String id, PersonChange change) {
    long known = Parameter.id(id);
    return AccessProblems.naming(() -> people.change(known, change, caller.grantor()))
        .map(this::view)
        .orElseThrow(() -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such person."));
  }

  private PersonView view(Person person) {
    return new PersonView(
        person.id(),
        person.name(),
        person.role().code(),
        people.accountsOf(person),
        person.createdAt(),
        person.createdBy(),
        person.updatedAt(),
        person.disabledAt());
  }
}
