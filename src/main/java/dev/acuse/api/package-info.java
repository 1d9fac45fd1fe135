/** The REST API: resources, representations, authentication and problem answers. */
@NullMarked
package dev.acuse.api;

import org.jspecify.annotations.NullMarked;
