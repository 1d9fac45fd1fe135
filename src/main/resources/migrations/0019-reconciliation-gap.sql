--liquibase formatted sql logicalFilePath:migrations/0019-reconciliation-gap.sql

--changeset acuse:0019-reconciliation-gap
--comment A scheduled window that cannot be compared is set aside after some tries, so that the next ones go on. What it leaves is a gap until it is compared.
ALTER TABLE reconciliation_runs ADD COLUMN tries INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE reconciliation_runs ADD COLUMN gap_from TIMESTAMP WITH TIME ZONE;
ALTER TABLE reconciliation_runs ADD COLUMN gap_to TIMESTAMP WITH TIME ZONE;
--rollback ALTER TABLE reconciliation_runs DROP COLUMN tries;
--rollback ALTER TABLE reconciliation_runs DROP COLUMN gap_from;
--rollback ALTER TABLE reconciliation_runs DROP COLUMN gap_to;
