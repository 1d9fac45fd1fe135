--liquibase formatted sql logicalFilePath:migrations/0020-lanes-and-effects.sql

--changeset acuse:0020-event-postgresql dbms:postgresql
--comment Whose event it is, in which lane it is worked off, which seller it names, and which effect it stands for. Instances of the version before still insert: for these the defaults are right. The words of origin are the program's.
ALTER TABLE webhook_events
  ADD COLUMN account_id BIGINT DEFAULT 1 NOT NULL,
  ADD COLUMN lane VARCHAR(64) COLLATE "C" DEFAULT 'mp:1' NOT NULL,
  ADD COLUMN seller_id VARCHAR(64),
  ADD COLUMN effect_id BIGINT,
  DROP CONSTRAINT webhook_events_origin_check;
--rollback ALTER TABLE webhook_events DROP COLUMN effect_id, DROP COLUMN seller_id, DROP COLUMN lane, DROP COLUMN account_id;
--rollback ALTER TABLE webhook_events ADD CONSTRAINT webhook_events_origin_check CHECK (origin IN ('webhook', 'reconciliation', 'manual'));

--changeset acuse:0020-event-h2 dbms:h2
--comment In one statement, because H2 copies the table at each.
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'WEBHOOK_EVENTS' AND column_name = 'LANE'
ALTER TABLE webhook_events ADD (
  account_id BIGINT DEFAULT 1 NOT NULL,
  lane VARCHAR(64) DEFAULT 'mp:1' NOT NULL,
  seller_id VARCHAR(64),
  effect_id BIGINT);
--rollback ALTER TABLE webhook_events DROP COLUMN (effect_id, seller_id, lane, account_id);

--changeset acuse:0020-event-origin-h2 dbms:h2
ALTER TABLE webhook_events DROP CONSTRAINT IF EXISTS webhook_events_origin_check;
--rollback ALTER TABLE webhook_events ADD CONSTRAINT webhook_events_origin_check CHECK (origin IN ('webhook', 'reconciliation', 'manual'));

--changeset acuse:0020-attempt-postgresql dbms:postgresql
--comment Why an attempt ended so, as a word and its arguments, which are shown in the reader's language.
ALTER TABLE webhook_attempts
  ADD COLUMN reason VARCHAR(64),
  ADD COLUMN reason_args VARCHAR(2048);
--rollback ALTER TABLE webhook_attempts DROP COLUMN reason_args, DROP COLUMN reason;

--changeset acuse:0020-attempt-h2 dbms:h2
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'WEBHOOK_ATTEMPTS' AND column_name = 'REASON'
ALTER TABLE webhook_attempts ADD (reason VARCHAR(64), reason_args VARCHAR(2048));
--rollback ALTER TABLE webhook_attempts DROP COLUMN (reason_args, reason);

--changeset acuse:0020-payment-postgresql dbms:postgresql
--comment What a person asks of a payment: how it was paid, what is left of it, when that is paid out, by whom and for what. A look-up fills it. search_text is in lower case and without accents; null until a look-up of this version.
ALTER TABLE payments
  ADD COLUMN account_id BIGINT DEFAULT 1 NOT NULL,
  ADD COLUMN method VARCHAR(64),
  ADD COLUMN method_type VARCHAR(64),
  ADD COLUMN last_four VARCHAR(8),
  ADD COLUMN instalments INTEGER,
  ADD COLUMN fee NUMERIC(19, 4),
  ADD COLUMN net NUMERIC(19, 4),
  ADD COLUMN release_at TIMESTAMP WITH TIME ZONE,
  ADD COLUMN payer_name VARCHAR(256),
  ADD COLUMN product VARCHAR(256),
  ADD COLUMN search_text VARCHAR(1024),
  ADD COLUMN rules_version BIGINT;
--rollback ALTER TABLE payments DROP COLUMN rules_version, DROP COLUMN search_text, DROP COLUMN product, DROP COLUMN payer_name, DROP COLUMN release_at, DROP COLUMN net, DROP COLUMN fee, DROP COLUMN instalments, DROP COLUMN last_four, DROP COLUMN method_type, DROP COLUMN method, DROP COLUMN account_id;

--changeset acuse:0020-payment-h2 dbms:h2
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'PAYMENTS' AND column_name = 'ACCOUNT_ID'
ALTER TABLE payments ADD (
  account_id BIGINT DEFAULT 1 NOT NULL,
  method VARCHAR(64),
  method_type VARCHAR(64),
  last_four VARCHAR(8),
  instalments INTEGER,
  fee NUMERIC(19, 4),
  net NUMERIC(19, 4),
  release_at TIMESTAMP WITH TIME ZONE,
  payer_name VARCHAR(256),
  product VARCHAR(256),
  search_text VARCHAR(1024),
  rules_version BIGINT);
--rollback ALTER TABLE payments DROP COLUMN (rules_version, search_text, product, payer_name, release_at, net, fee, instalments, last_four, method_type, method, account_id);

--changeset acuse:0020-checkout-postgresql dbms:postgresql
--comment Whose it is, what it sells, what of its own is wanted, and until when it can be paid.
ALTER TABLE checkouts
  ADD COLUMN account_id BIGINT DEFAULT 1 NOT NULL,
  ADD COLUMN product VARCHAR(256),
  ADD COLUMN tags VARCHAR(4096),
  ADD COLUMN fields VARCHAR(8192),
  ADD COLUMN rules_version BIGINT,
  ADD COLUMN expires_at TIMESTAMP WITH TIME ZONE;
--rollback ALTER TABLE checkouts DROP COLUMN expires_at, DROP COLUMN rules_version, DROP COLUMN fields, DROP COLUMN tags, DROP COLUMN product, DROP COLUMN account_id;

--changeset acuse:0020-checkout-h2 dbms:h2
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'CHECKOUTS' AND column_name = 'ACCOUNT_ID'
ALTER TABLE checkouts ADD (
  account_id BIGINT DEFAULT 1 NOT NULL,
  product VARCHAR(256),
  tags VARCHAR(4096),
  fields VARCHAR(8192),
  rules_version BIGINT,
  expires_at TIMESTAMP WITH TIME ZONE);
--rollback ALTER TABLE checkouts DROP COLUMN (expires_at, rules_version, fields, tags, product, account_id);

--changeset acuse:0020-instance
--comment Which version an instance runs, and by which settings. Null for the version before.
ALTER TABLE intake_runs ADD COLUMN IF NOT EXISTS version VARCHAR(64);
ALTER TABLE intake_runs ADD COLUMN IF NOT EXISTS settings_fingerprint VARCHAR(64);
--rollback ALTER TABLE intake_runs DROP COLUMN settings_fingerprint;
--rollback ALTER TABLE intake_runs DROP COLUMN version;

--changeset acuse:0020-effect
--comment What shall be so in another system. generation grows when what is wanted changes; event_id is the event that works the present one off. A reason is what wants it.
CREATE TABLE IF NOT EXISTS effects (
  id              BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  account_id      BIGINT NOT NULL,
  family          VARCHAR(16) NOT NULL,
  kind            VARCHAR(32) NOT NULL,
  target          VARCHAR(128) NOT NULL,
  name            VARCHAR(256) NOT NULL,
  wanted          VARCHAR(16) NOT NULL,
  generation      BIGINT NOT NULL,
  done_generation BIGINT DEFAULT 0 NOT NULL,
  state           VARCHAR(16) NOT NULL,
  event_id        BIGINT,
  reason          VARCHAR(64),
  reason_args     VARCHAR(2048),
  error           VARCHAR(2048),
  created_at      TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at      TIMESTAMP WITH TIME ZONE NOT NULL,
  done_at         TIMESTAMP WITH TIME ZONE,
  CONSTRAINT effects_key UNIQUE (account_id, kind, target, name)
);
CREATE TABLE IF NOT EXISTS effect_reasons (
  effect_id  BIGINT NOT NULL,
  subject    VARCHAR(64) NOT NULL,
  rule       VARCHAR(64) NOT NULL,
  version    BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT effect_reasons_pkey PRIMARY KEY (effect_id, subject, rule, version)
);
CREATE INDEX IF NOT EXISTS effect_reasons_subject_idx ON effect_reasons (account_id, subject);
--rollback DROP TABLE effect_reasons;
--rollback DROP TABLE effects;

--changeset acuse:0020-effect-open-postgresql dbms:postgresql
--comment The few that are not as they should be.
CREATE INDEX IF NOT EXISTS effects_open_idx ON effects (state, id) WHERE state <> 'done';
--rollback DROP INDEX effects_open_idx;

--changeset acuse:0020-effect-open-h2 dbms:h2
CREATE INDEX IF NOT EXISTS effects_open_idx ON effects (state, id);
--rollback DROP INDEX effects_open_idx;

--changeset acuse:0020-hold
--comment A row here pauses the claims of all instances, as one in inbox_pause does those of the version before.
CREATE TABLE IF NOT EXISTS inbox_hold (
  id        INTEGER PRIMARY KEY,
  paused_at TIMESTAMP WITH TIME ZONE NOT NULL,
  paused_by VARCHAR(128) NOT NULL,
  CONSTRAINT inbox_hold_one_row CHECK (id = 1)
);
--rollback DROP TABLE inbox_hold;

--changeset acuse:0020-lane-index-postgresql dbms:postgresql runInTransaction:false
--comment A lane is claimed from by this. Made while webhooks are stored; what a killed try has left is not valid.
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_lane_idx;
CREATE INDEX CONCURRENTLY webhook_events_lane_idx ON webhook_events (lane, next_retry_at, id) WHERE status = 'pending';
--rollback DROP INDEX webhook_events_lane_idx;

--changeset acuse:0020-key-index-postgresql dbms:postgresql runInTransaction:false
--comment A delivery is one event within its account.
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_key;
CREATE UNIQUE INDEX CONCURRENTLY webhook_events_key ON webhook_events (account_id, webhook_id);
--rollback DROP INDEX webhook_events_key;

--changeset acuse:0020-list-index-postgresql dbms:postgresql runInTransaction:false
--comment Lists leave effects out, but for those that failed.
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_list_idx;
CREATE INDEX CONCURRENTLY webhook_events_list_idx ON webhook_events (account_id, status, id) WHERE origin <> 'effect' AND status <> 'pending';
--rollback DROP INDEX webhook_events_list_idx;

--changeset acuse:0020-effect-index-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_effect_idx;
CREATE INDEX CONCURRENTLY webhook_events_effect_idx ON webhook_events (account_id, status, id) WHERE origin = 'effect' AND status <> 'pending';
--rollback DROP INDEX webhook_events_effect_idx;

--changeset acuse:0020-lane-index-h2 dbms:h2
CREATE INDEX IF NOT EXISTS webhook_events_lane_idx ON webhook_events (status, lane, next_retry_at, id);
--rollback DROP INDEX webhook_events_lane_idx;

--changeset acuse:0020-key-index-h2 dbms:h2
CREATE UNIQUE INDEX IF NOT EXISTS webhook_events_key ON webhook_events (account_id, webhook_id);
--rollback DROP INDEX webhook_events_key;

--changeset acuse:0020-list-index-h2 dbms:h2
CREATE INDEX IF NOT EXISTS webhook_events_list_idx ON webhook_events (account_id, status, id);
--rollback DROP INDEX webhook_events_list_idx;
