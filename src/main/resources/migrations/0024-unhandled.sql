--liquibase formatted sql logicalFilePath:migrations/0024-unhandled.sql
-- Each change can be made again. Only what is added: an instance of the version before goes on with all of it.

--changeset acuse:0024-unhandled
--comment Events that no handler took, as long as they stand so: an index that costs all other events nothing. topic is the event's type.
CREATE TABLE IF NOT EXISTS unhandled_events (
  event_id    BIGINT NOT NULL,
  account_id  BIGINT NOT NULL,
  topic       VARCHAR(64) NOT NULL,
  verified    BOOLEAN NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT unhandled_events_pkey PRIMARY KEY (event_id)
);
CREATE INDEX IF NOT EXISTS unhandled_events_topic_idx ON unhandled_events (account_id, topic, verified, event_id);
--rollback DROP TABLE unhandled_events;

--changeset acuse:0024-unhandled-before
--comment What a version before has ignored because it had no handler for it, if it is genuine, and not of a topic that needs nothing.
UPDATE webhook_events SET last_error_kind = 'unhandled_topic' WHERE account_id IN (SELECT id FROM accounts) AND status = 'ignored' AND origin = 'webhook' AND signature = 'verified' AND last_error_kind IS NULL AND last_error = CONCAT('no handler for ', event_type) AND event_type NOT IN ('topic_card_id_wh', 'automatic-payments', 'wallet_connect', 'delivery');
INSERT INTO unhandled_events (event_id, account_id, topic, verified, received_at) SELECT id, account_id, event_type, TRUE, received_at FROM webhook_events WHERE account_id IN (SELECT id FROM accounts) AND status = 'ignored' AND origin = 'webhook' AND last_error_kind = 'unhandled_topic' AND signature = 'verified' AND NOT EXISTS (SELECT 1 FROM unhandled_events u WHERE u.event_id = webhook_events.id);
--rollback UPDATE webhook_events SET last_error_kind = NULL WHERE status = 'ignored' AND last_error_kind = 'unhandled_topic';
