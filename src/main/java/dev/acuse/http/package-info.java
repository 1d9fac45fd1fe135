/**
 * What every HTTP answer of ours has: problems, parameters, cursors, bounded requests, and where a
 * request comes from.
 *
 * <p>It may import {@code access}, {@code database}, {@code event}, {@code process} and {@code
 * text}.
 */
@NullMarked
package dev.acuse.http;

import org.jspecify.annotations.NullMarked;
