package dev.acuse.api;

import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.event.Scope;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Parameter;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.Pause;
import dev.acuse.inbox.UnhandledTopic;
import dev.acuse.intake.BookKeeper;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.remote.Standing;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the inbox is doing. */
@Path("/api/stats")
@Produces(MediaType.APPLICATION_JSON)
public final class StatsResource {
  private final EventReader events;
  private final EventOperations operations;
  private final List<RemoteSystem> downstreams;
  private final BookKeeper books;
  private final InstantSource clock;
  private final AccountNames accounts;
  private final KnownAccounts known;
  private final Set<String> handled;

  /**
   * @param downstreams as this instance knows them; another may think otherwise
   * @param clock the database's time
   * @param accounts by whose names the counts are narrowed
   * @param known which lanes are whose
   * @param handled the topics that this version has a handler for, in lower case
   */
  public StatsResource(
      EventReader events,
      EventOperations operations,
      List<RemoteSystem> downstreams,
      BookKeeper books,
      InstantSource clock,
      AccountNames accounts,
      KnownAccounts known,
      Set<String> handled) {
    this.handled = Set.copyOf(handled);
    this.accounts = accounts;
    this.known = known;
    this.books = books;
    this.events = events;
    this.operations = operations;
    this.downstreams = List.copyOf(downstreams);
    this.clock = clock;
  }

  /**
   * Counts of now: of all that the caller sees, or of one account. What is about the whole
   * installation, and who paused it, only a caller of everything is told.
   */
  @GET
  public Stats get(
      @Auth ApiCaller caller, @QueryParam(AccountNames.ACCOUNT) @Nullable String account) {
    Scope scope = accounts.narrowed(caller.scope(), new Parameter(AccountNames.ACCOUNT, account));
    OptionalLong unaccounted = books.unaccountedEverywhere();
    boolean seesBooks = caller.scope().isEverything() && unaccounted.isPresent();
    return Stats.of(
        events.backlog(scope),
        operations.paused().map(pause -> view(caller.scope(), pause)),
        downstreams.stream().map(system -> standing(scope, system)).toList(),
        seesBooks ? unaccounted.getAsLong() : null,
        UnhandledTopic.together(events.unhandled(scope)).stream()
            .map(topic -> Stats.UnhandledView.of(topic, handled))
            .toList(),
        clock.instant());
  }

  private static Stats.PauseView view(Scope scope, Pause pause) {
    return new Stats.PauseView(
        pause.pausedAt(), scope.isEverything() ? pause.pausedBy() : "an operator");
  }

  private Standing standing(Scope scope, RemoteSystem system) {
    return scope.isEverything()
        ? Standing.of(system)
        : Standing.forLanes(
            system,
            scope.accountIds().stream()
                .flatMap(account -> known.lanesOf(account).stream())
                .map(Lane::code)
                .toList());
  }
}
