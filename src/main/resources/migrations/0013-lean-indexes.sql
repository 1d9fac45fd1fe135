--liquibase formatted sql logicalFilePath:migrations/0013-lean-indexes.sql

--changeset acuse:0013-lean-indexes-postgresql dbms:postgresql
--comment Each change of a row is an entry in every index that holds it: only what is looked for is indexed. By its bytes, a key is found by its beginning in the same index that keeps it unique.
ALTER TABLE webhook_events ALTER COLUMN webhook_id TYPE VARCHAR(200) COLLATE "C";
DROP INDEX webhook_events_webhook_id_prefix_idx;
DROP INDEX webhook_events_status_idx;
CREATE INDEX webhook_events_status_idx ON webhook_events (status, id) WHERE status NOT IN ('pending', 'processing');
DROP INDEX webhook_events_type_idx;
CREATE INDEX webhook_events_type_idx ON webhook_events (event_type, id) WHERE event_type <> 'payment';
DROP INDEX webhook_events_mp_payment_idx;
CREATE INDEX webhook_events_mp_payment_idx ON webhook_events (mp_payment_id) WHERE mp_payment_id IS NOT NULL;
DROP INDEX webhook_events_preference_idx;
CREATE INDEX webhook_events_preference_idx ON webhook_events (preference_id) WHERE preference_id IS NOT NULL;
DROP INDEX webhook_events_payment_idx;
CREATE INDEX webhook_events_payment_idx ON webhook_events (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX webhook_events_origin_idx ON webhook_events (origin, id) WHERE origin <> 'webhook';
--rollback DROP INDEX webhook_events_origin_idx;
--rollback DROP INDEX webhook_events_payment_idx;
--rollback CREATE INDEX webhook_events_payment_idx ON webhook_events (payment_id);
--rollback DROP INDEX webhook_events_preference_idx;
--rollback CREATE INDEX webhook_events_preference_idx ON webhook_events (preference_id);
--rollback DROP INDEX webhook_events_mp_payment_idx;
--rollback CREATE INDEX webhook_events_mp_payment_idx ON webhook_events (mp_payment_id);
--rollback DROP INDEX webhook_events_type_idx;
--rollback CREATE INDEX webhook_events_type_idx ON webhook_events (event_type, id);
--rollback DROP INDEX webhook_events_status_idx;
--rollback CREATE INDEX webhook_events_status_idx ON webhook_events (status, id);
--rollback CREATE INDEX webhook_events_webhook_id_prefix_idx ON webhook_events (webhook_id varchar_pattern_ops);
--rollback ALTER TABLE webhook_events ALTER COLUMN webhook_id TYPE VARCHAR(200);

--changeset acuse:0013-payment-filters-postgresql dbms:postgresql
--comment The few payments that an operator looks for: those that fit nothing, and those that belong to nobody.
CREATE INDEX payments_flag_idx ON payments (id) WHERE flag IS NOT NULL AND accepted_at IS NULL;
CREATE INDEX payments_unlinked_idx ON payments (id) WHERE checkout_id IS NULL;
CREATE INDEX payments_status_idx ON payments (status, id);
--rollback DROP INDEX payments_status_idx;
--rollback DROP INDEX payments_unlinked_idx;
--rollback DROP INDEX payments_flag_idx;
