--liquibase formatted sql logicalFilePath:migrations/0012-order-and-balance.sql

--changeset acuse:0012-reconciliation-order
--comment Merchant orders are compared when all payments of a window are. What lies before orders_reached is done.
ALTER TABLE reconciliation_runs ADD COLUMN orders BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE reconciliation_runs ADD COLUMN orders_behind BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE reconciliation_runs ADD COLUMN orders_reached TIMESTAMP WITH TIME ZONE;
--rollback ALTER TABLE reconciliation_runs DROP COLUMN orders;
--rollback ALTER TABLE reconciliation_runs DROP COLUMN orders_behind;
--rollback ALTER TABLE reconciliation_runs DROP COLUMN orders_reached;

--changeset acuse:0012-intake-balance
--comment The balance of a run as its instance last drew it, for the other instances to show.
ALTER TABLE intake_runs ADD COLUMN balance_rows BIGINT;
ALTER TABLE intake_runs ADD COLUMN balance_in_spool BIGINT;
ALTER TABLE intake_runs ADD COLUMN balance_unpromised BIGINT;
ALTER TABLE intake_runs ADD COLUMN balance_unaccounted BIGINT;
--rollback ALTER TABLE intake_runs DROP COLUMN balance_rows;
--rollback ALTER TABLE intake_runs DROP COLUMN balance_in_spool;
--rollback ALTER TABLE intake_runs DROP COLUMN balance_unpromised;
--rollback ALTER TABLE intake_runs DROP COLUMN balance_unaccounted;
