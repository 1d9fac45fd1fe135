--liquibase formatted sql logicalFilePath:migrations/0016-lease.sql

--changeset acuse:0016-lease
--comment One row a claim: whose, until when, and of which events, each with the number of its claim. The events' own rows are changed once only, at the end. An event is leased while it is pending and its claim_no is still the one before.
CREATE TABLE webhook_leases (
  id         BIGINT PRIMARY KEY,
  owner      VARCHAR(64) NOT NULL,
  claimed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  event_ids  BIGINT ARRAY NOT NULL,
  claim_nos  BIGINT ARRAY NOT NULL
);
--rollback DROP TABLE webhook_leases;

--changeset acuse:0016-claim-turn
--comment One row: how many claims there have been. Of two that saw the same number only one claims.
CREATE TABLE claim_turn (
  id   SMALLINT PRIMARY KEY,
  turn BIGINT NOT NULL,
  CONSTRAINT claim_turn_check CHECK (id = 1)
);
INSERT INTO claim_turn (id, turn) VALUES (1, 0);
--rollback DROP TABLE claim_turn;

--changeset acuse:0016-lease-vacuum-postgresql dbms:postgresql
--comment Few rows, and many that were: each claim reads what a vacuum has left of them.
ALTER TABLE webhook_leases SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE claim_turn SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
--rollback ALTER TABLE claim_turn RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_vacuum_cost_delay);
--rollback ALTER TABLE webhook_leases RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_vacuum_cost_delay);

--changeset acuse:0016-unlease-index-postgresql dbms:postgresql
DROP INDEX webhook_events_lease_idx;
--rollback CREATE INDEX webhook_events_lease_idx ON webhook_events (lease_expires_at) WHERE status = 'processing';

--changeset acuse:0016-unlease-index-h2 dbms:h2
DROP INDEX webhook_events_lease_idx;
--rollback CREATE INDEX webhook_events_lease_idx ON webhook_events (status, lease_expires_at);

--changeset acuse:0016-unlease
--comment What an instance of the version before works on stays leased to it, and is rescued when that runs out.
INSERT INTO webhook_leases (id, owner, claimed_at, expires_at, event_ids, claim_nos)
  SELECT ROW_NUMBER() OVER (ORDER BY owner), owner, claimed_at, expires_at, event_ids, claim_nos
  FROM (SELECT lease_owner AS owner, MIN(claimed_at) AS claimed_at, MAX(lease_expires_at) AS expires_at,
    ARRAY_AGG(id) AS event_ids, ARRAY_AGG(claim_no) AS claim_nos
    FROM webhook_events WHERE status = 'processing' GROUP BY lease_owner) AS held;
UPDATE claim_turn SET turn = (SELECT COUNT(*) FROM webhook_leases);
UPDATE webhook_events SET status = 'pending', attempts = attempts - 1, claim_no = claim_no - 1,
  next_retry_at = CURRENT_TIMESTAMP, lease_owner = NULL, lease_expires_at = NULL
  WHERE status = 'processing';
ALTER TABLE webhook_events DROP CONSTRAINT webhook_events_lease_check;
ALTER TABLE webhook_events DROP CONSTRAINT webhook_events_status_check;
ALTER TABLE webhook_events ADD CONSTRAINT webhook_events_status_check CHECK (status IN ('pending', 'success', 'ignored', 'failed', 'quarantined'));
ALTER TABLE webhook_events DROP COLUMN lease_owner;
ALTER TABLE webhook_events DROP COLUMN lease_expires_at;
ALTER TABLE webhook_events DROP COLUMN claimed_at;
--rollback ALTER TABLE webhook_events ADD COLUMN claimed_at TIMESTAMP WITH TIME ZONE;
--rollback ALTER TABLE webhook_events ADD COLUMN lease_owner VARCHAR(64);
--rollback ALTER TABLE webhook_events ADD COLUMN lease_expires_at TIMESTAMP WITH TIME ZONE;
--rollback ALTER TABLE webhook_events DROP CONSTRAINT webhook_events_status_check;
--rollback ALTER TABLE webhook_events ADD CONSTRAINT webhook_events_status_check CHECK (status IN ('pending', 'processing', 'success', 'ignored', 'failed', 'quarantined'));
--rollback ALTER TABLE webhook_events ADD CONSTRAINT webhook_events_lease_check CHECK ((status = 'processing') = (lease_owner IS NOT NULL));

--changeset acuse:0016-arrivals-postgresql dbms:postgresql
--comment No row is left out any more.
DROP INDEX webhook_events_intake_idx;
CREATE INDEX webhook_events_intake_idx ON webhook_events (intake_run, intake_no);
--rollback DROP INDEX webhook_events_intake_idx;
--rollback CREATE INDEX webhook_events_intake_idx ON webhook_events (intake_run, intake_no) WHERE status <> 'processing';

--changeset acuse:0016-resources-postgresql dbms:postgresql
--comment A payment's id is in its events' keys, and found there; while they wait, by this index as well.
DROP INDEX webhook_events_resource_idx;
CREATE INDEX webhook_events_resource_idx ON webhook_events (resource_id) WHERE status = 'pending' OR webhook_id NOT LIKE 'mp:payment:%';
--rollback DROP INDEX webhook_events_resource_idx;
--rollback CREATE INDEX webhook_events_resource_idx ON webhook_events (resource_id) WHERE status <> 'processing';

--changeset acuse:0016-attempts-postgresql dbms:postgresql splitStatements:false
--comment An attempt is written in the statement that ends it, which holds its event: to look for that again, and lock it, for each attempt, is in vain. With an event its attempts go, however it is deleted.
ALTER TABLE webhook_attempts DROP CONSTRAINT webhook_attempts_event_fk;
CREATE FUNCTION delete_attempts() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM webhook_attempts WHERE event_id = ANY(ARRAY(SELECT id FROM gone));
  RETURN NULL;
END
$$;
CREATE TRIGGER webhook_attempts_follow AFTER DELETE ON webhook_events
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION delete_attempts();
--rollback DROP TRIGGER webhook_attempts_follow ON webhook_events;
--rollback DROP FUNCTION delete_attempts();
--rollback DELETE FROM webhook_attempts WHERE event_id NOT IN (SELECT id FROM webhook_events);
--rollback ALTER TABLE webhook_attempts ADD CONSTRAINT webhook_attempts_event_fk FOREIGN KEY (event_id) REFERENCES webhook_events (id) ON DELETE CASCADE;

--changeset acuse:0016-attempt-key-postgresql dbms:postgresql
--comment By its event and number it is unique and found; that it was numbered is enough to see that there are more.
ALTER TABLE webhook_attempts DROP CONSTRAINT webhook_attempts_pkey;
ALTER TABLE webhook_attempts REPLICA IDENTITY USING INDEX webhook_attempts_key;
--rollback ALTER TABLE webhook_attempts REPLICA IDENTITY DEFAULT;
--rollback ALTER TABLE webhook_attempts ADD PRIMARY KEY (id);
