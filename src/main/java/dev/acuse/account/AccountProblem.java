package dev.acuse.account;

import org.jspecify.annotations.Nullable;

/**
 * A change of the accounts that is refused; nothing of it is done. Its message is a sentence for
 * people, and holds no secret.
 */
public final class AccountProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal it is. */
  public enum Kind {
    /** What is asked for can never be. */
    INVALID,
    /** It cannot be as things are. */
    CONFLICT,
    /** What it is about is not there. */
    NOT_FOUND
  }

  private final Kind kind;
  private final @Nullable String field;
  private final String code;

  AccountProblem(Kind kind, @Nullable String field, String code, String sentence) {
    super(sentence);
    this.kind = kind;
    this.field = field;
    this.code = code;
  }

  static AccountProblem invalid(String field, String code, String sentence) {
    return new AccountProblem(Kind.INVALID, field, code, sentence);
  }

  static AccountProblem conflict(@Nullable String field, String code, String sentence) {
    return new AccountProblem(Kind.CONFLICT, field, code, sentence);
  }

  static AccountProblem missing(String what) {
    return new AccountProblem(Kind.NOT_FOUND, null, "not_found", "there is no such " + what);
  }

  /** What kind of refusal it is. */
  public Kind kind() {
    return kind;
  }

  /** The field that it is about, as the API names it; null if it is about none. */
  public @Nullable String field() {
    return field;
  }

  /** A stable word. */
  public String code() {
    return code;
  }

  /** The message. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
