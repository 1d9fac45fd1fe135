package dev.acuse.it.api;

import dev.acuse.support.Engine;

class AccountsApiOnPostgresqlIT extends AccountsApi {
  AccountsApiOnPostgresqlIT() {
    super(Engine.POSTGRESQL);
  }
}
