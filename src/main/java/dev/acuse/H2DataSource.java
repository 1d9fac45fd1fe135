package dev.acuse;

import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.logging.Logger;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;

/**
 * H2's own connection pool. With the pool that Dropwizard brings, H2 2.4.240 was seen to show rows
 * as they were before their last commit while several workers locked rows: finished work was then
 * taken for fenced off, and waited for its lease to run out. With this one it was not.
 */
final class H2DataSource implements ManagedDataSource {
  private final JdbcConnectionPool pool;

  H2DataSource(DataSourceFactory factory) {
    this.pool =
        JdbcConnectionPool.create(
            Objects.requireNonNull(factory.getUrl()),
            Objects.requireNonNullElse(factory.getUser(), ""),
            Objects.requireNonNullElse(factory.getPassword(), ""));
    pool.setMaxConnections(factory.getMaxSize());
    pool.setLoginTimeout(Math.toIntExact(factory.getMaxWaitForConnection().toSeconds()));
  }

  @Override
  public void stop() {
    pool.dispose();
  }

  @Override
  public Connection getConnection() throws SQLException {
    return pool.getConnection();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return pool.getConnection(user, password);
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return pool.getLogWriter();
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    pool.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) {
    pool.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() {
    return pool.getLoginTimeout();
  }

  @Override
  public @Nullable Logger getParentLogger() {
    return pool.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return pool.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return pool.isWrapperFor(type);
  }
}
