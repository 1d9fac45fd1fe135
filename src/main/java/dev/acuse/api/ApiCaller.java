package dev.acuse.api;

import java.security.Principal;

/** Somebody who knows the API's token. */
record ApiCaller(String name) implements Principal {
  @Override
  public String getName() {
    return name;
  }
}
