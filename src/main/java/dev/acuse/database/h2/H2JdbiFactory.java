package dev.acuse.database.h2;

import com.codahale.metrics.jdbi3.strategies.DefaultNameStrategy;
import dev.acuse.database.FailureWatch;
import dev.acuse.process.Failures;
import dev.acuse.process.FatalErrors;
import dev.acuse.process.Periodic;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.jdbi3.JdbiFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes {@link Jdbi}s that notice when H2 closes its file by itself, as it does when it cannot
 * write: the disk is full. From then on the database is out for this whole process.
 *
 * <p>H2 would open the file again at the next connection, but not safely in the same process (seen
 * with 2.4.240): a connection of the closed database that says another word takes the new one off
 * H2's list of what is open, so that the file seems locked by somebody for good; and one that rolls
 * back spins for ever (MVStore.registerVersionUsage). So nothing more is asked of it; webhooks go
 * to the spool; and as soon as there is room on the disk, the process ends so that a new one opens
 * the file.
 */
public final class H2JdbiFactory extends JdbiFactory {
  private static final Logger LOGGER = LoggerFactory.getLogger(H2JdbiFactory.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final BooleanSupplier hasRoom;
  private final Runnable onRoom;
  private final Predicate<Throwable> broken;
  private final H2Gate gate;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean opened;
  private final Periodic looks = new Periodic("h2-room", this::look);

  /**
   * @param hasRoom whether the file's disk takes writes; asked again and again once H2 is closed
   * @param onRoom told once, when it does; in a thread of its own
   */
  public H2JdbiFactory(BooleanSupplier hasRoom, Runnable onRoom) {
    this(hasRoom, onRoom, failure -> false);
  }

  /**
   * @param broken is shown what fails, and knows whether the file is broken: then there is more to
   *     it than a full disk, and it has been seen to
   */
  public H2JdbiFactory(BooleanSupplier hasRoom, Runnable onRoom, Predicate<Throwable> broken) {
    this(hasRoom, onRoom, broken, new H2Gate());
  }

  /**
   * @param gate which every connection passes
   */
  public H2JdbiFactory(
      BooleanSupplier hasRoom, Runnable onRoom, Predicate<Throwable> broken, H2Gate gate) {
    super(DefaultNameStrategy.CONSTANT_SQL_RAW);
    this.gate = gate;
    this.broken = broken;
    this.hasRoom = hasRoom;
    this.onRoom = onRoom;
  }

  @Override
  protected Jdbi newInstance(ManagedDataSource dataSource) {
    return Jdbi.create(
        new ConnectionFactory() {
          @Override
          public Connection openConnection() throws SQLException {
            return enter(dataSource);
          }

          @Override
          public void closeConnection(Connection connection) throws SQLException {
            try {
              connection.close();
            } finally {
              gate.leave();
            }
          }
        });
  }

  private Connection enter(ManagedDataSource dataSource) throws SQLException {
    gate.enter();
    boolean entered = false;
    try {
      Connection connection = connect(dataSource);
      entered = true;
      return connection;
    } finally {
      if (!entered) {
        gate.leave();
      }
    }
  }

  private Connection connect(ManagedDataSource dataSource) throws SQLException {
    if (closed.get()) {
      throw new SQLNonTransientConnectionException(
          "H2 has closed its file: the process is started anew when there is room on its disk",
          "08003");
    }
    try {
      Connection connection = dataSource.getConnection();
      opened = true;
      return connection;
    } catch (SQLException e) {
      note(e);
      throw e;
    }
  }

  /** Has every statement that fails looked at. */
  public Jdbi watch(Jdbi jdbi) {
    return FailureWatch.of(jdbi, this::note);
  }

  private void note(SQLException failure) {
    FatalErrors.haltOn(failure);
    if (Failures.any(failure, H2JdbiFactory::saysOutOfMemory)) {
      FatalErrors.halt();
    }
    if (broken.test(failure)) {
      return;
    }
    if (isSelfClosing(failure) && closed.compareAndSet(false, true)) {
      LOGGER.error(
          "H2 has closed its file: {}. Webhooks go to the spool; when the file's disk takes"
              + " writes, this process ends with status 1, to be started anew",
          reason(failure),
          failure);
      looks.start(Duration.ZERO, LOOK_EVERY);
    }
  }

  private void look() {
    if (hasRoom.getAsBoolean()) {
      LOGGER.error("there is room on the disk of the H2 file: the process ends");
      looks.stop();
      onRoom.run();
    }
  }

  private static boolean saysOutOfMemory(Throwable cause) {
    return cause instanceof SQLException sql && sql.getErrorCode() == ErrorCode.OUT_OF_MEMORY;
  }

  private boolean isSelfClosing(Throwable failure) {
    return Failures.any(
        failure,
        cause ->
            (cause instanceof SQLException sql && saysClosed(sql.getErrorCode()))
                || isWritingFailure(cause));
  }

  /**
   * A file that this process had open, and that is said to be in use, is in use by what is left of
   * its closed database; one that it never had open is another process's.
   */
  private boolean saysClosed(int code) {
    return code == ErrorCode.DATABASE_IS_CLOSED
        || (opened && code == ErrorCode.DATABASE_ALREADY_OPEN_1);
  }

  private static String reason(Throwable failure) {
    return Failures.any(failure, H2JdbiFactory::isWritingFailure)
        ? "its disk does not take what is written (is it full?)"
        : "a failure before this one has made it, see the log above";
  }

  private static boolean isWritingFailure(Throwable cause) {
    return cause instanceof MVStoreException store
        && store.getErrorCode() == DataUtils.ERROR_WRITING_FAILED;
  }
}
