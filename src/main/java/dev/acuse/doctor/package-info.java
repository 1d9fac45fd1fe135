/**
 * What an operator may want to look at: the machine, the configuration, the database, the other
 * systems, and what came of late. Each check is a small class; all of them change nothing.
 */
@NullMarked
package dev.acuse.doctor;

import org.jspecify.annotations.NullMarked;
