package dev.acuse.database;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Whether a commit on this PostgreSQL survives a power cut ("Write Ahead Log", PostgreSQL 15,
 * section 20.5.1).
 */
public final class PostgresDurability {
  private PostgresDurability() {}

  /**
   * What an operator should know, each as a sentence; empty if all is well.
   *
   * @param jdbi connected as the intake is: roles and databases may have settings of their own
   */
  public static List<String> warnings(Jdbi jdbi) {
    return jdbi.withHandle(
        handle -> {
          List<String> warnings = new ArrayList<>();
          String commit = setting(handle, "synchronous_commit");
          if (commit.equals("off")) {
            warnings.add(
                "synchronous_commit is off: a crash of PostgreSQL loses acknowledged webhooks."
                    + " Set it to on");
          } else if (commit.equals("local") || commit.equals("remote_write")) {
            warnings.add(
                "synchronous_commit is "
                    + commit
                    + ": an acknowledged webhook may not be on the disk of a synchronous standby."
                    + " Set it to on");
          }
          for (String name : List.of("fsync", "full_page_writes")) {
            if (setting(handle, name).equals("off")) {
              warnings.add(name + " is off: a power cut can destroy the database. Set it to on");
            }
          }
          return warnings;
        });
  }

  private static String setting(Handle handle, String name) {
    return handle
        .createQuery("SELECT current_setting(:name)")
        .bind("name", name)
        .mapTo(String.class)
        .one();
  }
}
