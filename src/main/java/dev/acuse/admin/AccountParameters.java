package dev.acuse.admin;

import dev.acuse.account.HeldSecret;
import dev.acuse.admin.OperatorTask.Parameters;
import dev.acuse.http.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The parameters of the tasks about accounts and applications. */
final class AccountParameters {
  private AccountParameters() {}

  /** The name, of whatever form. */
  static String name(Parameters parameters) {
    String name = parameters.get("name").value();
    if (name == null) {
      throw parameters.get("name").invalid("is missing");
    }
    return name;
  }

  /**
   * The fields that are to be emptied, with commas between them.
   *
   * @param known those that may be
   */
  static List<String> removed(Parameters parameters, Set<String> known) {
    Parameter parameter = parameters.get("remove");
    String value = parameter.value();
    if (value == null) {
      return List.of();
    }
    List<String> fields = Arrays.stream(value.split(",", -1)).map(String::strip).toList();
    if (!known.containsAll(fields)) {
      throw parameter.invalid(
          "may name only " + String.join(", ", known.stream().sorted().toList()));
    }
    return fields;
  }

  /** Of a secret: its last four characters, or what is so instead. */
  static String tail(HeldSecret secret) {
    if (secret.isUnreadable()) {
      return "unreadable";
    }
    if (!secret.isSet()) {
      return "none";
    }
    return secret.tail().isEmpty() ? "set" : "…" + secret.tail();
  }
}
