package dev.acuse.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One query or path parameter as it was sent, to be read as what it should be. A blank value is as
 * good as none: forms send those. Every reading method ends the request with 400 {@code
 * invalid_parameter}, naming the parameter, if the value is not what it should be; Jersey's own
 * conversions would answer 404, and read {@code +5} or Arabic digits as numbers.
 *
 * @param name as the API's documentation has it
 * @param value null if it is absent or blank
 */
public record Parameter(String name, @Nullable String value) {
  /** The most items that a list has on one page. */
  public static final int MAX_LIMIT = 500;

  /** How many items a list has on one page if nobody says otherwise. */
  public static final int DEFAULT_LIMIT = 50;

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,19}");

  /** Years of four digits: what both databases, and everything that reads our JSON, can hold. */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

  private static final Instant START_OF_TIME = Instant.parse("1970-01-01T00:00:00Z");

  /** Trims the value and makes a blank one null. */
  public Parameter(String name, @Nullable String value) {
    this.name = name;
    this.value = value == null || value.isBlank() ? null : value.strip();
  }

  /**
   * The {@code limit} of a list: {@value #DEFAULT_LIMIT} if absent, at most {@value #MAX_LIMIT}.
   */
  public static int limit(@Nullable String value) {
    Integer limit = new Parameter("limit", value).integer(1, MAX_LIMIT);
    return limit == null ? DEFAULT_LIMIT : limit;
  }

  /** An id in the path: a positive number, never absent. */
  public static long id(@Nullable String value) {
    var parameter = new Parameter("id", value);
    Long id = parameter.positiveLong();
    if (id == null) {
      throw parameter.invalid("is missing");
    }
    return id;
  }

  /** A whole number within bounds; null if absent. */
  public @Nullable Integer integer(int min, int max) {
    Long number = number(min, max, "must be a whole number from " + min + " to " + max);
    return number == null ? null : Math.toIntExact(number);
  }

  /** A whole number above 0; null if absent. */
  public @Nullable Long positiveLong() {
    return number(1, Long.MAX_VALUE, "must be a whole number above 0");
  }

  /**
   * One of a closed set of words; null if absent.
   *
   * @param code the word for a value
   */
  public <T> @Nullable T oneOf(T[] values, Function<? super T, String> code) {
    if (value == null) {
      return null;
    }
    for (T candidate : values) {
      if (code.apply(candidate).equals(value)) {
        return candidate;
      }
    }
    String words = Arrays.stream(values).map(code).collect(Collectors.joining(", "));
    throw invalid("must be one of: " + words);
  }

  /** Text without control characters; null if absent. */
  public @Nullable String text(int maxLength) {
    if (value == null) {
      return null;
    }
    if (value.length() > maxLength) {
      throw invalid("must have at most " + maxLength + " characters");
    }
    // PostgreSQL refuses NUL in any text; the rest has no place in a search either.
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw invalid("must not hold control characters");
    }
    return value;
  }

  /** An instant with its offset, as in RFC 3339; null if absent. */
  public @Nullable Instant instant() {
    if (value == null) {
      return null;
    }
    String expectation = "must be a time as in RFC 3339, such as 2026-03-02T14:05:09Z";
    Instant instant;
    try {
      // A plus that was not percent-encoded arrives as a blank.
      instant = OffsetDateTime.parse(value.replace(' ', '+')).toInstant();
    } catch (DateTimeException e) {
      throw invalid(expectation);
    }
    if (instant.isBefore(START_OF_TIME) || instant.isAfter(END_OF_TIME)) {
      throw invalid(expectation);
    }
    return instant;
  }

  /** True or false; false if absent. */
  public boolean flag() {
    if (value != null && !value.equals("true") && !value.equals("false")) {
      throw invalid("must be true or false");
    }
    return "true".equals(value);
  }

  /** The problem of this parameter, for rules that only its resource knows. */
  public ProblemException invalid(String expectation) {
    return ProblemException.invalidParameter(name, expectation);
  }

  private @Nullable Long number(long min, long max, String expectation) {
    if (value == null) {
      return null;
    }
    if (!DIGITS.matcher(value).matches()) {
      throw invalid(expectation);
    }
    long number;
    try {
      number = Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw invalid(expectation);
    }
    if (number < min || number > max) {
      throw invalid(expectation);
    }
    return number;
  }
}
