package dev.acuse;

import dev.acuse.database.h2.H2Gate;
import dev.acuse.database.h2.H2Maintenance;
import dev.acuse.recovery.H2Files;
import javax.sql.DataSource;

/**
 * An H2 file that this process has open.
 *
 * @param upkeep keeps it whole and small
 * @param beside what is written beside it, so that a broken file is no end
 * @param gate which every other connection of this process passes
 * @param direct the one connection that passes no gate: of the migration before the start, and of a
 *     move after which nothing follows
 */
record OpenH2(
    H2Files files, H2Maintenance upkeep, BesideFile beside, H2Gate gate, DataSource direct) {}
