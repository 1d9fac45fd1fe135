package dev.acuse;

import dev.acuse.access.KeyRing;
import dev.acuse.access.KeyStore;
import dev.acuse.access.PersonStore;
import dev.acuse.account.Accounts;
import dev.acuse.admin.KeyTask;
import dev.acuse.admin.PersonTask;
import dev.acuse.admin.TaskStatus;
import dev.acuse.desk.KeyRotation;
import io.dropwizard.core.setup.Environment;

/** People and keys, put together. */
record Access(KeyStore keys, KeyRing ring, PersonStore people) {

  /** Those of a service, and the tasks {@code key} and {@code person}. */
  static Access install(
      Environment environment, Database database, Accounts accounts, KeyRotation rotation) {
    var keys = new KeyStore(database.jdbi(), database.clock(), accounts);
    var ring = new KeyRing(keys, database.clock());
    environment.lifecycle().manage(ring);
    var people = new PersonStore(database.jdbi(), database.clock(), accounts);
    var status = new TaskStatus();
    status.install(environment, "access-task-status");
    environment.admin().addTask(new KeyTask(keys, rotation, database.clock(), status));
    environment.admin().addTask(new PersonTask(people, status));
    return new Access(keys, ring, people);
  }
}
