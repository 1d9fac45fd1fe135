--liquibase formatted sql logicalFilePath:migrations/0006-operator.sql

--changeset acuse:0006-inbox-pause
--comment A row here pauses the claims of all instances.
CREATE TABLE inbox_pause (
  id        INTEGER PRIMARY KEY,
  paused_at TIMESTAMP WITH TIME ZONE NOT NULL,
  paused_by VARCHAR(128) NOT NULL,
  CONSTRAINT inbox_pause_one_row CHECK (id = 1)
);
--rollback DROP TABLE inbox_pause;

--changeset acuse:0006-search
--comment The search of the API and the console.
CREATE INDEX webhook_events_resource_idx ON webhook_events (resource_id);
CREATE INDEX payments_payer_email_idx ON payments (payer_email);
--rollback DROP INDEX webhook_events_resource_idx;
--rollback DROP INDEX payments_payer_email_idx;

--changeset acuse:0006-search-postgresql dbms:postgresql
--comment A LIKE with a prefix uses an index only if it compares bytes. Times of arrival grow with the rows, so a few pages of BRIN do for them.
CREATE INDEX webhook_events_webhook_id_prefix_idx ON webhook_events (webhook_id varchar_pattern_ops);
CREATE INDEX webhook_events_received_idx ON webhook_events USING brin (received_at);
--rollback DROP INDEX webhook_events_webhook_id_prefix_idx;
--rollback DROP INDEX webhook_events_received_idx;

--changeset acuse:0006-search-h2 dbms:h2
CREATE INDEX webhook_events_received_idx ON webhook_events (received_at);
--rollback DROP INDEX webhook_events_received_idx;
