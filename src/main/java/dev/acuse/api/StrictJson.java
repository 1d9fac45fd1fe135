package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.dropwizard.core.setup.Environment;
import java.math.BigDecimal;

/**
 * How the API reads and writes JSON. It reads strictly, because a typo in a request for money or
 * for a bulk retry must not pass for something else: unknown, repeated and trailing things are
 * refused, and nothing is converted (no string for a number, no fraction for a whole number). It
 * writes instants as RFC 3339 in UTC, durations as ISO 8601, decimals exactly and in plain digits,
 * and every key of a representation always, with null where there is no value.
 */
public final class StrictJson {
  private StrictJson() {}

  /**
   * Makes Jersey read and write by a strict copy of the environment's mapper. The mapper itself is
   * left as it is: HTTP clients share it, and what others send us may well have keys that we do not
   * know.
   */
  public static void install(Environment environment) {
    ObjectMapper strict = configure(environment.getObjectMapper().copy());
    environment.jersey().register(new ApiJsonProvider(strict));
    environment.jersey().register(new MediaTypeFilter());
    environment
        .jersey()
        .register(
            new BoundedBodyFilter.Feature(new BoundedBodyFilter(BoundedBodyFilter.DEFAULT_LIMIT)));
  }

  /**
   * Makes a mapper strict, in place.
   *
   * @return the same mapper
   */
  public static ObjectMapper configure(ObjectMapper mapper) {
    mapper
        .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true)
        .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
            DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(
            DeserializationFeature.ACCEPT_FLOAT_AS_INT,
            DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .disable(
            SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
            SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false)
        .setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS)
        .registerModule(
            new SimpleModule("acuse-api")
                .addDeserializer(BigDecimal.class, new BoundedDecimalDeserializer()));
    forbidCoercion(mapper);
    return mapper;
  }

  // The mapper of an environment is built by now; the builder that replaces this setter cannot
  // change it.
  @SuppressWarnings("deprecation")
  private static void forbidCoercion(ObjectMapper mapper) {
    mapper.configure(MapperFeature.ALLOW_COERCION_OF_SCALARS, false);
    MutableCoercionConfig text = mapper.coercionConfigFor(LogicalType.Textual);
    for (var shape :
        new CoercionInputShape[] {
          CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean
        }) {
      text.setCoercion(shape, CoercionAction.Fail);
    }
  }
}
