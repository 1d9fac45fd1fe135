package dev.acuse.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.AcuseProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each in a process of its own, which may end. */
class FatalErrorsTest {
  private static final int ENDED_IN_ORDER = 0;
  private static final int HOOK_RAN = 9;
  private static final int NOT_CALLED_AGAIN = 8;
  private static final int PATIENCE_SECONDS = 5;

  @ParameterizedTest
  @CsvSource({
    "OUT_OF_MEMORY, 3",
    "INTERNAL, 3",
    "CAUSED_BY_OUT_OF_MEMORY, 3",
    "CAUSED_DEEP_DOWN, 3",
    "NEXT_TO_ANOTHER, 3",
    "SUPPRESSED, 3",
    "IN_A_TASK, 3",
    "OVERFLOW_IN_THE_DATABASE, 3",
    "OVERFLOW, 0",
    "OTHER_ERROR, 0",
    "OTHER_ERROR_IN_A_TASK, 0",
    "OTHER_FAILURE_IN_A_TASK, 0",
    "CIRCLE, 0",
    "NOTHING, 0",
  })
  void failureOfTheMachineHaltsTheProcessWithoutHooks(Case failure, int status) throws Exception {
    assertThat(run(failure)).isEqualTo(status);
  }

  private static int run(Case failure) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            List.of(
                java,
                "-Xmx32m",
                "-cp",
                AcuseProcess.CLASS_PATH,
                Child.class.getName(),
                failure.name()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  enum Case {
    OUT_OF_MEMORY,
    INTERNAL,
    CAUSED_BY_OUT_OF_MEMORY,
    CAUSED_DEEP_DOWN,
    NEXT_TO_ANOTHER,
    SUPPRESSED,
    IN_A_TASK,
    OVERFLOW_IN_THE_DATABASE,
    OVERFLOW,
    OTHER_ERROR,
    OTHER_ERROR_IN_A_TASK,
    OTHER_FAILURE_IN_A_TASK,
    CIRCLE,
    NOTHING;

    void happen() throws Exception {
      switch (this) {
        case OUT_OF_MEMORY -> FatalErrors.haltOn(new OutOfMemoryError());
        case INTERNAL -> FatalErrors.haltOn(new InternalError());
        case CAUSED_BY_OUT_OF_MEMORY ->
            FatalErrors.haltOn(new SQLException("General error", new OutOfMemoryError()));
        case CAUSED_DEEP_DOWN ->
            FatalErrors.haltOn(
                new IllegalStateException(
                    new IOException(new SQLException(new OutOfMemoryError()))));
        case NEXT_TO_ANOTHER -> {
          // H2 keeps what a row of a batch met there alone.
          var batch = new BatchUpdateException("batch", "HY000", new int[0]);
          batch.setNextException(new SQLException("General error", new OutOfMemoryError()));
          FatalErrors.haltOn(new IllegalStateException(batch));
        }
        case SUPPRESSED -> {
          var failure = new IllegalStateException();
          failure.addSuppressed(new IOException(new OutOfMemoryError()));
          FatalErrors.haltOn(failure);
        }
        case IN_A_TASK -> {
          // An executor keeps to itself what its task throws.
          var executor = Executors.newSingleThreadExecutor();
          Future<?> task =
              executor.submit(
                  FatalErrors.guarding(
                      () -> {
                        throw new OutOfMemoryError();
                      }));
          task.get();
        }
        case OVERFLOW_IN_THE_DATABASE -> {
          var error = new StackOverflowError();
          error.setStackTrace(
              new StackTraceElement[] {
                new StackTraceElement("org.h2.mvstore.MVMap", "put", "MVMap.java", 1)
              });
          FatalErrors.haltOn(error);
        }
        case OVERFLOW -> FatalErrors.haltOn(new StackOverflowError());
        case OTHER_ERROR -> FatalErrors.haltOn(new AssertionError());
        // A scheduler would drop a task that throws, without a word.
        case OTHER_ERROR_IN_A_TASK -> runTwice(new AssertionError());
        case OTHER_FAILURE_IN_A_TASK -> runTwice(new IllegalStateException());
        case CIRCLE -> {
          var one = new IllegalStateException();
          one.initCause(new IllegalStateException(one));
          FatalErrors.haltOn(one);
        }
        case NOTHING -> FatalErrors.haltOn(null);
      }
    }

    private static void runTwice(Throwable failure) throws InterruptedException {
      var runs = new CountDownLatch(2);
      // A thread that goes on must not keep the process.
      var executor =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                var thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
              });
      var unused =
          executor.scheduleWithFixedDelay(
              FatalErrors.guarding(
                  () -> {
                    runs.countDown();
                    if (failure instanceof Error error) {
                      throw error;
                    }
                    throw (RuntimeException) failure;
                  }),
              0,
              1,
              TimeUnit.MILLISECONDS);
      System.setProperty("in.order", "true");
      if (!runs.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.exit(NOT_CALLED_AGAIN);
      }
    }
  }

  /** What the process runs. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    if (!Boolean.getBoolean("in.order")) {
                      Runtime.getRuntime().halt(HOOK_RAN);
                    }
                  }));
      Case.valueOf(args[0]).happen();
      System.setProperty("in.order", "true");
      System.exit(ENDED_IN_ORDER);
    }
  }
}
