package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** A list in an answer. */
record Items<T>(@JsonProperty("items") List<T> items) {}
