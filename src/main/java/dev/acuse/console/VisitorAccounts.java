package dev.acuse.console;

import dev.acuse.api.AccountNames;
import dev.acuse.event.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The accounts of a visitor, as the pages name them. */
public final class VisitorAccounts {
  private final AccountNames accounts;
  private final List<String> names;

  VisitorAccounts(AccountNames accounts, Scope scope) {
    this.accounts = accounts;
    this.names = accounts.in(scope);
  }

  /** Whether there are several, so that each row says whose it is. */
  public boolean isSeveral() {
    return names.size() > 1;
  }

  /** Their names. */
  public List<String> getNames() {
    return names;
  }

  /** The name of an account; a dash for what is no account's. */
  public String of(@Nullable Long id) {
    String name = id == null ? null : accounts.of(id);
    return name == null ? "–" : name;
  }
}
