/** What runs the service: the admin port and, later, its tasks, health checks and alerts. */
@NullMarked
package dev.acuse.ops;

import org.jspecify.annotations.NullMarked;
