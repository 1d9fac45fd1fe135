package dev.acuse.it.journey;

import dev.acuse.support.Engine;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class RefusalsOnH2IT extends Refusals {
  RefusalsOnH2IT() {
    super(Engine.H2);
  }
}
