package dev.acuse.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every transaction on PostgreSQL run as {@code READ COMMITTED}, which the statements are
 * written for. Where that is the default, nothing is asked for. Where it is not, each transaction
 * asks for itself, and a statement without one gets one: a setting of the session would be lost, or
 * be another client's, behind a pooler that gives each transaction another session (pgbouncer,
 * {@code pool_mode = transaction}). Thread-safe.
 */
public final class ReadCommitted {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReadCommitted.class);
  private static final String ASK = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";
  private static final String LEVEL = "read committed";

  /** Until the default is known. */
  private volatile boolean asks = true;

  /**
   * Learns the default, at the start.
   *
   * @param connection of which {@link #guard} knows nothing
   */
  void learn(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW default_transaction_isolation")) {
      String level = row.next() ? row.getString(1) : "";
      asks = !LEVEL.equals(level);
      if (asks) {
        LOGGER.warn(
            "PostgreSQL's default isolation is {}: each transaction asks for {}, which costs round"
                + " trips; ALTER ROLE … SET default_transaction_isolation TO '{}' spares them",
            level,
            LEVEL,
            LEVEL);
      }
    }
  }

  /**
   * A conflict that read committed does not know: the default has changed, as after a failover to
   * another server.
   */
  void onConflict() {
    asks = true;
  }

  /** The connection, or one that asks in each of its transactions. */
  Connection guard(Connection connection) {
    return asks ? proxy(Connection.class, new Guarded(connection)) : connection;
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            ReadCommitted.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /** A connection whose transactions ask before their first statement. */
  private static final class Guarded implements InvocationHandler {
    private final Connection connection;
    private boolean asked;

    Guarded(Connection connection) {
      this.connection = connection;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      Object answer = ReadCommitted.invoke(connection, method, arguments);
      switch (method.getName()) {
        case "setAutoCommit", "commit" -> asked = false;
        case "rollback" -> asked = asked && arguments != null;
        default -> {
          // The other methods end no transaction.
        }
      }
      return answer instanceof Statement statement
          ? ReadCommitted.proxy(typeOf(method), new Asking(statement))
          : answer;
    }

    private static Class<?> typeOf(Method maker) {
      return maker.getReturnType();
    }

    private final class Asking implements InvocationHandler {
      private final Statement statement;

      Asking(Statement statement) {
        this.statement = statement;
      }

      @Override
      public Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
          throws Throwable {
        if (!method.getName().startsWith("execute")) {
          return ReadCommitted.invoke(statement, method, arguments);
        }
        if (connection.getAutoCommit()) {
          return executeAlone(method, arguments);
        }
        if (!asked) {
          ask();
          asked = true;
        }
        return ReadCommitted.invoke(statement, method, arguments);
      }

      /**
       * Its rows are all here when it has been executed, because nothing asks for them in parts.
       */
      private Object executeAlone(Method method, Object @Nullable [] arguments) throws Throwable {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
          ask();
          Object answer = ReadCommitted.invoke(statement, method, arguments);
          connection.commit();
          done = true;
          return answer;
        } finally {
          end(done);
        }
      }

      /** A connection that broke has no transaction to roll back, and why it broke is known. */
      private void end(boolean done) throws SQLException {
        try {
          if (!done) {
            connection.rollback();
          }
          connection.setAutoCommit(true);
        } catch (SQLException e) {
          if (done) {
            throw e;
          }
          LOGGER.debug("a connection that is broken is not rolled back", e);
        }
      }

      private void ask() throws SQLException {
        try (Statement asking = connection.createStatement()) {
          asking.execute(ASK);
        }
      }
    }
  }
}
