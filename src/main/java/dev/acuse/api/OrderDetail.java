package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/** An order with its payments. */
record OrderDetail(@JsonUnwrapped OrderView order, List<NamedPayment> payments) {}
