package dev.acuse.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers.BigDecimalDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Reads a decimal exactly, but none whose plain form is absurdly long: {@code 1e999999999} is
 * eleven characters on the wire and a gigabyte once somebody rescales or prints it.
 */
final class BoundedDecimalDeserializer extends StdScalarDeserializer<BigDecimal> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_DIGITS = 100;

  BoundedDecimalDeserializer() {
    super(BigDecimal.class);
  }

  @Override
  public @Nullable BigDecimal deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    BigDecimal value = BigDecimalDeserializer.instance.deserialize(parser, context);
    if (value != null
        && (value.precision() > MAX_DIGITS || Math.abs((long) value.scale()) > MAX_DIGITS)) {
      return (BigDecimal)
          context.handleWeirdNumberValue(BigDecimal.class, 0, "number out of all proportion");
    }
    return value;
  }
}
