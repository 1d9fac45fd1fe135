package dev.acuse.api;

import dev.acuse.event.EventStatus;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's parameters. They arrive as text, because Jersey would answer 404 to one that it
 * cannot convert.
 */
final class Parameters {
  private static final int MAX_LIMIT = 500;
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_TEXT = 256;

  private Parameters() {}

  /** 1 to 500; 50 if absent. */
  static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Answered below, like a number that is out of range.
    }
    throw ProblemException.invalidParameter("limit must be a number from 1 to " + MAX_LIMIT + ".");
  }

  /** A row's id. */
  static long id(String text) {
    try {
      long id = Long.parseLong(text);
      if (id > 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Answered below, like a number that is out of range.
    }
    throw ProblemException.invalidParameter("id must be a positive number.");
  }

  /** A status by its code; null if absent. */
  static @Nullable EventStatus status(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return EventStatus.of(text);
    } catch (IllegalArgumentException e) {
      String all =
          Arrays.stream(EventStatus.values())
              .map(EventStatus::code)
              .collect(Collectors.joining(", "));
      throw ProblemException.invalidParameter("status must be one of " + all + ".");
    }
  }

  /** A text to look for; null if absent. */
  static @Nullable String text(String name, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (text.length() > MAX_TEXT || text.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.invalidParameter(
          name + " must be a text of at most " + MAX_TEXT + " characters.");
    }
    return text;
  }

  /** true or false; null if absent. */
  static @Nullable Boolean flag(String name, @Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> throw ProblemException.invalidParameter(name + " must be true or false.");
    };
  }
}
