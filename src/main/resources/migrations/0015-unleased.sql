--liquibase formatted sql logicalFilePath:migrations/0015-unleased.sql

--changeset acuse:0015-unleased-postgresql dbms:postgresql
--comment What is being processed is looked for by the index of leases: a claim need not write into these. By its bytes, an id is compared faster than by a language's rules.
DROP INDEX webhook_events_resource_idx;
ALTER TABLE webhook_events ALTER COLUMN resource_id TYPE VARCHAR(64) COLLATE "C";
CREATE INDEX webhook_events_resource_idx ON webhook_events (resource_id) WHERE status <> 'processing';
DROP INDEX webhook_events_intake_idx;
CREATE INDEX webhook_events_intake_idx ON webhook_events (intake_run, intake_no) WHERE status <> 'processing';
--rollback DROP INDEX webhook_events_intake_idx;
--rollback CREATE INDEX webhook_events_intake_idx ON webhook_events (intake_run, intake_no);
--rollback DROP INDEX webhook_events_resource_idx;
--rollback ALTER TABLE webhook_events ALTER COLUMN resource_id TYPE VARCHAR(64);
--rollback CREATE INDEX webhook_events_resource_idx ON webhook_events (resource_id);
