package dev.acuse.admin;

import dev.acuse.access.Grantor;
import dev.acuse.access.NewPerson;
import dev.acuse.access.Person;
import dev.acuse.access.PersonChange;
import dev.acuse.access.PersonStore;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code person}: adds, changes, lists and removes people who sign in to the console. */
public final class PersonTask extends OperatorTask {
  /** The task's name. */
  public static final String NAME = "person";

  private static final Grantor GRANTOR = Grantor.root(ACTOR);

  private final PersonStore people;

  /** Of the people of this store. */
  public PersonTask(PersonStore people, TaskStatus status) {
    super(NAME, status, "do", "name", "role", "accounts", PASSWORD);
    this.people = people;
  }

  private enum Deed {
    ADD,
    SET,
    LIST,
    REMOVE
  }

  @Override
  public String perform(Parameters parameters) {
    return switch (AccessParameters.deed(parameters, Deed.values())) {
      case ADD -> add(parameters);
      case SET -> set(parameters);
      case LIST -> list();
      case REMOVE -> remove(AccessParameters.name(parameters));
    };
  }

  private String add(Parameters parameters) {
    Person added =
        AccessParameters.naming(
            () ->
                people.add(
                    new NewPerson(
                        AccessParameters.name(parameters),
                        parameters.get("role").value(),
                        AccessParameters.accounts(parameters),
                        parameters.values().get(PASSWORD)),
                    GRANTOR));
    return "%s signs in to the console as %s.".formatted(added.name(), added.role().code());
  }

  /** A person who was removed is back with it. */
  private String set(Parameters parameters) {
    List<String> accounts = AccessParameters.accounts(parameters);
    var change =
        new PersonChange(
            parameters.get("role").value(),
            accounts.isEmpty() ? null : accounts,
            parameters.values().get(PASSWORD),
            false);
    Person changed = change(AccessParameters.name(parameters), change);
    return "%s is %s of %s; sessions of before have ended."
        .formatted(
            changed.name(), changed.role().code(), String.join(",", people.accountsOf(changed)));
  }

  private String remove(String name) {
    return change(name, PersonChange.DISABLED).name()
        + " signs in no more; the name stays taken, because the audit has it.";
  }

  private Person change(String name, PersonChange change) {
    Optional<Person> known =
        people.list(GRANTOR).stream().filter(one -> one.name().equals(name)).findFirst();
    return known
        .flatMap(one -> AccessParameters.naming(() -> people.change(one.id(), change, GRANTOR)))
        .orElseThrow(() -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such person."));
  }

  private String list() {
    List<Person> all = people.list(GRANTOR);
    return all.isEmpty()
        ? "There is no person."
        : all.stream().map(this::line).collect(Collectors.joining("\n"));
  }

  private String line(Person person) {
    return "%s  %s  %s%s"
        .formatted(
            person.name(),
            person.role().code(),
            String.join(",", people.accountsOf(person)),
            person.disabledAt() == null ? "" : "  removed " + person.disabledAt());
  }
}
