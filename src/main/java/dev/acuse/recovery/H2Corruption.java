package dev.acuse.recovery;

import dev.acuse.process.Failures;
import java.io.EOFException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.MetaType;

/** Tells a broken H2 file from whatever else may be wrong with one. */
public final class H2Corruption {
  private static final Set<Integer> CORRUPT =
      Set.of(
          DataUtils.ERROR_FILE_CORRUPT,
          DataUtils.ERROR_CHUNK_NOT_FOUND,
          // H2's store throws it with the code of SQL.
          ErrorCode.COMPRESSION_ERROR);

  /** H2's class for a page, whose method {@code read} makes one of its bytes. */
  private static final String PAGE = "org.h2.mvstore.Page";

  private static final String STORE = "org.h2.mvstore.";

  /** H2's class for a row of its catalogue, which it carries out as a statement when it opens. */
  private static final String CATALOGUE = "org.h2.engine.MetaRecord";

  /**
   * No statement of ours asks for a table, a column or an index that is not there, or makes one
   * that is: H2 has lost a page of its catalogue, or a row of what was migrated.
   */
  private static final Set<Integer> CORRUPT_SQL =
      Set.of(
          ErrorCode.FILE_CORRUPTED_1,
          ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1,
          ErrorCode.TABLE_OR_VIEW_NOT_FOUND_WITH_CANDIDATES_2,
          ErrorCode.TABLE_OR_VIEW_NOT_FOUND_DATABASE_EMPTY_1,
          ErrorCode.TABLE_OR_VIEW_ALREADY_EXISTS_1,
          ErrorCode.COLUMN_NOT_FOUND_1,
          ErrorCode.DUPLICATE_COLUMN_NAME_1,
          ErrorCode.INDEX_NOT_FOUND_1,
          ErrorCode.INDEX_ALREADY_EXISTS_1,
          ErrorCode.CONSTRAINT_NOT_FOUND_1,
          ErrorCode.CONSTRAINT_ALREADY_EXISTS_1);

  /** What H2 meets in a file whose pages are nonsense, when it opens it. */
  private static final Set<Integer> CORRUPT_AT_OPEN =
      Set.of(
          DataUtils.ERROR_INTERNAL,
          // By H2 itself, over junk, without a word why: it is not the caller's to close yet.
          DataUtils.ERROR_CLOSED,
          DataUtils.ERROR_SERIALIZATION,
          DataUtils.ERROR_BLOCK_NOT_FOUND,
          DataUtils.ERROR_TRANSACTION_CORRUPT,
          DataUtils.ERROR_TRANSACTION_ILLEGAL_STATE);

  /** In use, wrong name or password, wrong key, closed, no memory: the file may well be whole. */
  private static final Set<Integer> OTHERS =
      Set.of(
          ErrorCode.DATABASE_ALREADY_OPEN_1,
          ErrorCode.WRONG_USER_OR_PASSWORD,
          ErrorCode.FILE_ENCRYPTION_ERROR_1,
          ErrorCode.OUT_OF_MEMORY);

  /** Headers, and nothing behind them: H2 would begin a new database. */
  private static final Set<Integer> WITHOUT_CONTENT =
      Set.of(ErrorCode.DATABASE_IS_READ_ONLY, ErrorCode.DATABASE_NOT_FOUND_WITH_IF_EXISTS_1);

  private H2Corruption() {}

  /** Whether a statement, or the upkeep, met a page that cannot be what was written. */
  public static boolean isCauseOf(Throwable failure) {
    return !Failures.any(failure, H2Corruption::isOther) && isIn(failure, H2Corruption::isCorrupt);
  }

  /**
   * The same of a file that its key has opened before: H2 says of every page of an encrypted file
   * that is nonsense that the key is wrong.
   */
  static boolean isCauseThoughKeyFits(Throwable failure) {
    return !Failures.any(failure, cause -> isOther(cause) && !saysWrongKey(cause))
        && isIn(failure, H2Corruption::isCorrupt);
  }

  /** Whether a file that could not be opened is broken. */
  static boolean isCauseAtOpen(Throwable failure) {
    return !Failures.any(failure, H2Corruption::isOther)
        && isIn(failure, cause -> isCorrupt(cause) || isNonsense(cause));
  }

  /**
   * Whether a failure of the start, after the file has opened, comes from a broken file: the start
   * is the first to read what the catalogue leads to, and H2's store makes mistakes over junk.
   */
  static boolean isCauseAtStart(Throwable failure) {
    return isCauseThoughKeyFits(failure)
        || (!Failures.any(failure, H2Corruption::isOther)
            && isIn(failure, H2Corruption::isMistakeOfTheStore));
  }

  /** A disk that fails to read makes nonsense of pages, but only of those that it was asked for. */
  private static boolean isIn(Throwable failure, Predicate<Throwable> which) {
    for (List<Throwable> chain : Failures.chains(failure)) {
      if (chain.stream().noneMatch(H2Corruption::isOfTheDisk) && chain.stream().anyMatch(which)) {
        return true;
      }
    }
    return false;
  }

  /** H2 adds to a failure, as suppressed, the same without the code by which it is told apart. */
  private static boolean isOther(Throwable cause) {
    return cause instanceof SQLException sql
        ? OTHERS.contains(sql.getErrorCode())
        : cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError);
  }

  /** Whether there was no memory, by H2's own word or the machine's. */
  static boolean saysOutOfMemory(Throwable cause) {
    return cause instanceof OutOfMemoryError
        || (cause instanceof SQLException sql && sql.getErrorCode() == ErrorCode.OUT_OF_MEMORY);
  }

  private static boolean saysWrongKey(Throwable cause) {
    return cause instanceof SQLException sql
        && sql.getErrorCode() == ErrorCode.FILE_ENCRYPTION_ERROR_1;
  }

  private static boolean isOfTheDisk(Throwable cause) {
    return cause instanceof IOException && !(cause instanceof EOFException);
  }

  private static boolean isCorrupt(Throwable cause) {
    if (cause instanceof SQLException sql) {
      return CORRUPT_SQL.contains(sql.getErrorCode());
    }
    if (cause instanceof MVStoreException store) {
      return CORRUPT.contains(store.getErrorCode());
    }
    return cause instanceof EOFException
        || isOfAPage(cause)
        || (cause instanceof ReflectiveOperationException && isOfAType(cause));
  }

  /** H2 checks little of what it reads: junk, compressed or not, makes it fail in many ways. */
  private static boolean isOfAPage(Throwable cause) {
    return cause instanceof RuntimeException
        && isOfTheLanguage(cause)
        && hasFrame(cause, PAGE, "read");
  }

  private static boolean hasFrame(Throwable cause, String type, String method) {
    return Arrays.stream(cause.getStackTrace())
        .anyMatch(
            frame -> frame.getClassName().equals(type) && frame.getMethodName().equals(method));
  }

  private static boolean isMistakeOfTheStore(Throwable cause) {
    return (cause instanceof RuntimeException || cause instanceof AssertionError)
        && isOfTheLanguage(cause)
        && Arrays.stream(cause.getStackTrace())
            .map(StackTraceElement::getClassName)
            .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
            .findFirst()
            .filter(name -> name.startsWith(STORE))
            .isPresent();
  }

  /** A row of the catalogue that is no statement, or none that can be carried out. */
  private static boolean isOfTheCatalogue(SQLException cause) {
    return Arrays.stream(cause.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(CATALOGUE));
  }

  /** H2 names in the file the classes that its maps are read by: junk names none. */
  private static boolean isOfAType(Throwable cause) {
    return Arrays.stream(cause.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(MetaType.class.getName()));
  }

  /** A mistake within H2 itself, since nothing was asked of it but to open the file. */
  private static boolean isNonsense(Throwable cause) {
    if (cause instanceof SQLException sql) {
      return WITHOUT_CONTENT.contains(sql.getErrorCode()) || isOfTheCatalogue(sql);
    }
    if (cause instanceof MVStoreException store) {
      return CORRUPT_AT_OPEN.contains(store.getErrorCode());
    }
    boolean isMistake =
        cause instanceof StackOverflowError
            || cause instanceof AssertionError
            || cause instanceof RuntimeException;
    return isMistake && isOfTheLanguage(cause);
  }

  private static boolean isOfTheLanguage(Throwable cause) {
    return cause.getClass().getPackageName().startsWith("java.");
  }
}
