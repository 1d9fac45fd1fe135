package dev.acuse;

import dev.acuse.database.h2.H2Maintenance;
import dev.acuse.recovery.H2Files;

/**
 * An H2 file that this process has open.
 *
 * @param upkeep keeps it whole and small
 * @param beside what is written beside it, so that a broken file is no end
 */
record OpenH2(H2Files files, H2Maintenance upkeep, BesideFile beside) {}
