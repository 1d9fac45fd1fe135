package dev.acuse.effect;

import dev.acuse.event.EffectKey;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Reads what handlers are to do. Thread-safe. */
public final class CurrentEffects {
  private final Jdbi jdbi;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   */
  public CurrentEffects(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** An effect as it stands now; empty if there is none with that id. */
  public Optional<CurrentEffect> find(long id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT e.id, e.generation, e.account_id, e.target, e.name, e.wanted,
                      EXISTS (SELECT 1 FROM effect_reasons r
                        WHERE r.effect_id = e.id AND r.account_id <> e.account_id) AS is_mixed
                    FROM effects e WHERE e.id = :id
                    """)
                .bind("id", id)
                .map(
                    (row, context) ->
                        new CurrentEffect(
                            new EffectKey(row.getLong("id"), row.getLong("generation")),
                            row.getLong("account_id"),
                            !row.getBoolean("is_mixed"),
                            row.getString("target"),
                            row.getString("name"),
                            Wanted.of(row.getString("wanted"))))
                .findOne());
  }
}
