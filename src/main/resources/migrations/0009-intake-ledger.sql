--liquibase formatted sql logicalFilePath:migrations/0009-intake-ledger.sql

--changeset acuse:0009-intake-run
--comment What each process run of the intake has answered for. The answers of a run that was killed are closed from what is on disk.
CREATE TABLE intake_runs (
  run                VARCHAR(64) PRIMARY KEY,
  instance           VARCHAR(64) NOT NULL,
  started_at         TIMESTAMP WITH TIME ZONE NOT NULL,
  seen_at            TIMESTAMP WITH TIME ZONE NOT NULL,
  closed_at          TIMESTAMP WITH TIME ZONE,
  closed             VARCHAR(16),
  received           BIGINT DEFAULT 0 NOT NULL,
  stored             BIGINT DEFAULT 0 NOT NULL,
  spooled            BIGINT DEFAULT 0 NOT NULL,
  duplicates         BIGINT DEFAULT 0 NOT NULL,
  quarantined        BIGINT DEFAULT 0 NOT NULL,
  refused            BIGINT DEFAULT 0 NOT NULL,
  rejected           VARCHAR(2048) DEFAULT '{}' NOT NULL,
  drained_duplicates BIGINT DEFAULT 0 NOT NULL,
  drained_rejects    BIGINT DEFAULT 0 NOT NULL,
  purged             BIGINT DEFAULT 0 NOT NULL,
  CONSTRAINT intake_runs_closed_check CHECK (closed IN ('stopped', 'killed'))
);
CREATE INDEX intake_runs_open_idx ON intake_runs (instance, closed_at);
--rollback DROP TABLE intake_runs;

--changeset acuse:0009-intake-ticket
--comment Which run took an event in, and which of its arrivals it was; null for what no run has answered for.
ALTER TABLE webhook_events ADD COLUMN intake_run VARCHAR(64);
ALTER TABLE webhook_events ADD COLUMN intake_no BIGINT;
CREATE INDEX webhook_events_intake_idx ON webhook_events (intake_run, intake_no);
--rollback DROP INDEX webhook_events_intake_idx;
--rollback ALTER TABLE webhook_events DROP COLUMN intake_run;
--rollback ALTER TABLE webhook_events DROP COLUMN intake_no;

--changeset acuse:0009-payment-day
--comment How many payments changed on a day, against how many MercadoPago has.
CREATE INDEX payments_mp_updated_idx ON payments (mp_updated_at);
--rollback DROP INDEX payments_mp_updated_idx;
