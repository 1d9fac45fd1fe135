package dev.acuse.api;

import dev.acuse.event.Scope;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.intake.BookKeeper;
import dev.acuse.remote.RemoteSystem;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;

/** How the inbox is doing. */
@Path("/api/stats")
@Produces(MediaType.APPLICATION_JSON)
public final class StatsResource {
  private final EventReader events;
  private final EventOperations operations;
  private final List<RemoteSystem> downstreams;
  private final BookKeeper books;
  private final InstantSource clock;

  /**
   * @param downstreams as this instance knows them; another may think otherwise
   * @param clock the database's time
   */
  public StatsResource(
      EventReader events,
      EventOperations operations,
      List<RemoteSystem> downstreams,
      BookKeeper books,
      InstantSource clock) {
    this.books = books;
    this.events = events;
    this.operations = operations;
    this.downstreams = List.copyOf(downstreams);
    this.clock = clock;
  }

  /** Counts of now. */
  @GET
  public Stats get() {
    OptionalLong unaccounted = books.unaccountedEverywhere();
    return Stats.of(
        events.backlog(Scope.everything()),
        operations.paused(),
        downstreams,
        unaccounted.isPresent() ? unaccounted.getAsLong() : null,
        clock.instant());
  }
}
