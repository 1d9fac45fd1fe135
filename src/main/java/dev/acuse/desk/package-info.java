/**
 * What people do with accounts and applications, by the API or a command: within their scope, by
 * name, audited, and refused with a problem that names the field; and what each credential can do.
 *
 * <p>It may import {@code access}, {@code account}, {@code audit}, {@code event}, {@code
 * gohighlevel}, {@code http}, {@code mercadopago}, {@code process}, {@code remote} and {@code
 * text}.
 */
@NullMarked
package dev.acuse.desk;

import org.jspecify.annotations.NullMarked;
