package dev.acuse;

import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.jdbi3.JdbiFactory;
import java.nio.channels.OverlappingFileLockException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.tomcat.jdbc.pool.DataSourceProxy;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes {@link Jdbi}s whose connections find the way back into an H2 file that this very process
 * has locked.
 *
 * <p>When the disk is full H2 closes its database, and the next connection opens the file anew. H2
 * keeps what is open by name: a connection of the closed database that says another word takes the
 * new one off that list (Database.checkPowerOff in H2 2.4.240), after which every further
 * connection opens the file once more and finds it locked, for good. As soon as all pooled
 * connections are closed, the database that nobody knows closes too and lets the file go.
 */
final class H2Connections extends JdbiFactory {
  private static final Logger LOGGER = LoggerFactory.getLogger(H2Connections.class);

  private final List<DataSourceProxy> pools = new CopyOnWriteArrayList<>();

  @Override
  protected Jdbi newInstance(ManagedDataSource dataSource) {
    if (dataSource instanceof DataSourceProxy pool) {
      pools.add(pool);
    }
    return Jdbi.create(() -> connect(dataSource));
  }

  private Connection connect(ManagedDataSource dataSource) throws SQLException {
    try {
      return dataSource.getConnection();
    } catch (SQLException e) {
      if (!isLockedByUs(e)) {
        throw e;
      }
      LOGGER.warn("the H2 file is open in this process and H2 does not know: it is opened anew");
      // Those in use are closed as soon as they come back.
      pools.forEach(DataSourceProxy::purge);
      return dataSource.getConnection();
    }
  }

  private static boolean isLockedByUs(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OverlappingFileLockException) {
        return true;
      }
    }
    return false;
  }
}
