package dev.acuse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.acuse.database.DatabaseUrl;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code database}. Whatever the address says beside where the database is goes into
 * the other settings, over what they say, as the drivers would have it: what is left of the address
 * may be printed.
 */
@SelfValidating
public final class DatabaseSettings extends DataSourceFactory {
  private DatabaseUrl address = DatabaseUrl.of("");

  @Override
  public void setUrl(@Nullable String url) {
    address = DatabaseUrl.of(url == null ? "" : url.strip());
    super.setUrl(url == null ? null : address.clean());
    apply();
  }

  @Override
  public void setUser(@Nullable String user) {
    super.setUser(user);
    apply();
  }

  @Override
  public void setPassword(@Nullable String password) {
    super.setPassword(password);
    apply();
  }

  @Override
  public void setProperties(@Nullable Map<String, String> properties) {
    super.setProperties(
        properties == null ? new LinkedHashMap<>() : new LinkedHashMap<>(properties));
    apply();
  }

  @Override
  public void setMaxSize(int most) {
    super.setMaxSize(most);
    apply();
  }

  @Override
  public void setMinSize(int least) {
    super.setMinSize(least);
    apply();
  }

  @Override
  public void setInitialSize(int first) {
    super.setInitialSize(first);
    apply();
  }

  /** A pool of one, as {@code DATABASE_POOL=1} asks for, does not begin with two. */
  private void apply() {
    super.setMinSize(Math.min(getMinSize(), Math.max(1, getMaxSize())));
    super.setInitialSize(Math.min(getInitialSize(), Math.max(1, getMaxSize())));
    if (address.user() != null) {
      super.setUser(address.user());
    }
    if (address.password() != null) {
      super.setPassword(address.password());
    }
    getProperties().putAll(address.properties());
  }

  /** The message holds no part of the address. */
  @JsonIgnore
  @SelfValidation
  public void isUrlReadable(ViolationCollector violations) {
    if (address.fault() != null) {
      violations.addViolation("url", "(DATABASE_URL) of PostgreSQL: " + address.fault());
    }
  }
}
