--liquibase formatted sql logicalFilePath:migrations/0020-lanes-and-effects.sql
-- Each change can be made again: Liquibase commits a change before it writes down that it was made, and H2 commits
-- each statement of a schema. On PostgreSQL a change gives a lock up that it does not get within 2 s, because
-- webhooks wait behind it; it is then tried again. To make or drop an index concurrently holds up no webhook.

--changeset acuse:0020-event-postgresql dbms:postgresql
--comment Whose event it is, in which lane it is worked off, which seller it names, and which effect it stands for. Instances of the version before still insert: for these the defaults are right. The words of origin are the program's.
SET LOCAL lock_timeout = '2s';
ALTER TABLE webhook_events
  ADD COLUMN IF NOT EXISTS account_id BIGINT DEFAULT 1 NOT NULL,
  ADD COLUMN IF NOT EXISTS lane VARCHAR(64) COLLATE "C" DEFAULT 'mp:1' NOT NULL,
  ADD COLUMN IF NOT EXISTS seller_id VARCHAR(64),
  ADD COLUMN IF NOT EXISTS effect_id BIGINT,
  DROP CONSTRAINT IF EXISTS webhook_events_origin_check;
--rollback ALTER TABLE webhook_events DROP COLUMN effect_id, DROP COLUMN seller_id, DROP COLUMN lane, DROP COLUMN account_id;
--rollback DELETE FROM webhook_events WHERE origin NOT IN ('webhook', 'reconciliation', 'manual');
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
--rollback DELETE FROM webhook_events WHERE origin NOT IN ('webhook', 'reconciliation', 'manual');
--rollback ALTER TABLE webhook_events ADD CONSTRAINT webhook_events_origin_check CHECK (origin IN ('webhook', 'reconciliation', 'manual'));

--changeset acuse:0020-attempt-postgresql dbms:postgresql
--comment Why an attempt ended so, as a word and its arguments, which are shown in the reader's language.
SET LOCAL lock_timeout = '2s';
ALTER TABLE webhook_attempts
  ADD COLUMN IF NOT EXISTS reason VARCHAR(64),
  ADD COLUMN IF NOT EXISTS reason_args VARCHAR(2048);
--rollback ALTER TABLE webhook_attempts DROP COLUMN reason_args, DROP COLUMN reason;

--changeset acuse:0020-attempt-h2 dbms:h2
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'WEBHOOK_ATTEMPTS' AND column_name = 'REASON'
ALTER TABLE webhook_attempts ADD (reason VARCHAR(64), reason_args VARCHAR(2048));
--rollback ALTER TABLE webhook_attempts DROP COLUMN (reason_args, reason);

--changeset acuse:0020-payment-postgresql dbms:postgresql
--comment What a person asks of a payment: how it was paid, what is left of it, when that is paid out, by whom and for what. A look-up fills it. search_text is in lower case and without accents; null until a look-up of this version.
SET LOCAL lock_timeout = '2s';
ALTER TABLE payments
  ADD COLUMN IF NOT EXISTS account_id BIGINT DEFAULT 1 NOT NULL,
  ADD COLUMN IF NOT EXISTS method VARCHAR(64),
  ADD COLUMN IF NOT EXISTS method_type VARCHAR(64),
  ADD COLUMN IF NOT EXISTS last_four VARCHAR(8),
  ADD COLUMN IF NOT EXISTS instalments INTEGER,
  ADD COLUMN IF NOT EXISTS fee NUMERIC(19, 4),
  ADD COLUMN IF NOT EXISTS net NUMERIC(19, 4),
  ADD COLUMN IF NOT EXISTS release_at TIMESTAMP WITH TIME ZONE,
  ADD COLUMN IF NOT EXISTS payer_name VARCHAR(256),
  ADD COLUMN IF NOT EXISTS product VARCHAR(256),
  ADD COLUMN IF NOT EXISTS search_text VARCHAR(1024),
  ADD COLUMN IF NOT EXISTS rules_version BIGINT;
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
SET LOCAL lock_timeout = '2s';
ALTER TABLE checkouts
  ADD COLUMN IF NOT EXISTS account_id BIGINT DEFAULT 1 NOT NULL,
  ADD COLUMN IF NOT EXISTS product VARCHAR(256),
  ADD COLUMN IF NOT EXISTS tags VARCHAR(4096),
  ADD COLUMN IF NOT EXISTS fields VARCHAR(8192),
  ADD COLUMN IF NOT EXISTS rules_version BIGINT,
  ADD COLUMN IF NOT EXISTS expires_at TIMESTAMP WITH TIME ZONE;
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

--changeset acuse:0020-instance-postgresql dbms:postgresql
--comment Which version an instance runs, and by which settings. Null for the version before.
SET LOCAL lock_timeout = '2s';
ALTER TABLE intake_runs
  ADD COLUMN IF NOT EXISTS version VARCHAR(64),
  ADD COLUMN IF NOT EXISTS settings_fingerprint VARCHAR(64);
--rollback ALTER TABLE intake_runs DROP COLUMN settings_fingerprint, DROP COLUMN version;

--changeset acuse:0020-instance-h2 dbms:h2
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'INTAKE_RUNS' AND column_name = 'VERSION'
ALTER TABLE intake_runs ADD (version VARCHAR(64), settings_fingerprint VARCHAR(64));
--rollback ALTER TABLE intake_runs DROP COLUMN (settings_fingerprint, version);

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
SET LOCAL lock_timeout = '2s';
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

--changeset acuse:0020-failed-index-postgresql dbms:postgresql runInTransaction:false
--comment What failed is shown with effects and without in one order.
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_failed_idx;
CREATE INDEX CONCURRENTLY webhook_events_failed_idx ON webhook_events (account_id, id) WHERE status = 'failed';
--rollback DROP INDEX webhook_events_failed_idx;

--changeset acuse:0020-lane-index-h2 dbms:h2
CREATE INDEX IF NOT EXISTS webhook_events_lane_idx ON webhook_events (status, lane, next_retry_at, id);
--rollback DROP INDEX webhook_events_lane_idx;

--changeset acuse:0020-key-index-h2 dbms:h2
CREATE UNIQUE INDEX IF NOT EXISTS webhook_events_key ON webhook_events (account_id, webhook_id);
--rollback DROP INDEX webhook_events_key;

--changeset acuse:0020-list-index-h2 dbms:h2
CREATE INDEX IF NOT EXISTS webhook_events_list_idx ON webhook_events (account_id, status, id, origin);
--rollback DROP INDEX webhook_events_list_idx;

--changeset acuse:0020-type-index-postgresql dbms:postgresql runInTransaction:false
--comment Indexes of what is rare: an effect is not, and is looked for by its effect.
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_types_idx;
CREATE INDEX CONCURRENTLY webhook_events_types_idx ON webhook_events (event_type, id) WHERE event_type <> 'payment' AND origin <> 'effect';
--rollback DROP INDEX webhook_events_types_idx;

--changeset acuse:0020-origin-index-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_origins_idx;
CREATE INDEX CONCURRENTLY webhook_events_origins_idx ON webhook_events (origin, id) WHERE origin <> 'webhook' AND origin <> 'effect';
--rollback DROP INDEX webhook_events_origins_idx;

--changeset acuse:0020-resource-index-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_resources_idx;
CREATE INDEX CONCURRENTLY webhook_events_resources_idx ON webhook_events (resource_id) WHERE origin <> 'effect' AND (status = 'pending' OR webhook_id NOT LIKE 'mp:payment:%');
--rollback DROP INDEX webhook_events_resources_idx;

--changeset acuse:0020-intake-index-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_arrivals_idx;
CREATE INDEX CONCURRENTLY webhook_events_arrivals_idx ON webhook_events (intake_run, intake_no) WHERE intake_run IS NOT NULL;
--rollback DROP INDEX webhook_events_arrivals_idx;

--changeset acuse:0020-payment-key-postgresql dbms:postgresql runInTransaction:false
--comment A payment is one row within its account, and so is a checkout.
DROP INDEX CONCURRENTLY IF EXISTS payments_key;
CREATE UNIQUE INDEX CONCURRENTLY payments_key ON payments (account_id, mp_payment_id);
--rollback DROP INDEX payments_key;

--changeset acuse:0020-checkout-key-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS checkouts_key;
CREATE UNIQUE INDEX CONCURRENTLY checkouts_key ON checkouts (account_id, external_reference);
--rollback DROP INDEX checkouts_key;

--changeset acuse:0020-preference-key-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS checkouts_preference_key;
CREATE UNIQUE INDEX CONCURRENTLY checkouts_preference_key ON checkouts (account_id, preference_id);
--rollback DROP INDEX checkouts_preference_key;

--changeset acuse:0020-keys-h2 dbms:h2
CREATE UNIQUE INDEX IF NOT EXISTS payments_key ON payments (account_id, mp_payment_id);
CREATE UNIQUE INDEX IF NOT EXISTS checkouts_key ON checkouts (account_id, external_reference);
CREATE UNIQUE INDEX IF NOT EXISTS checkouts_preference_key ON checkouts (account_id, preference_id);
--rollback DROP INDEX checkouts_preference_key;
--rollback DROP INDEX checkouts_key;
--rollback DROP INDEX payments_key;

--changeset acuse:0020-fence-postgresql dbms:postgresql
--comment From here on only versions that know lanes and effects work: instances of the version before go on storing, find the inbox paused, cannot resume it, and do not start again. Before: all that it knows; after: what it must not have lost while it was there. A claim that is under way loses its turn; what holds a lease with a number up to turn is of before. The row that the version before shows has the same time in every database.
SET LOCAL lock_timeout = '2s';
CREATE TABLE IF NOT EXISTS inbox_fence (
  id       INTEGER PRIMARY KEY,
  pause_id INTEGER NOT NULL,
  turn     BIGINT NOT NULL,
  CONSTRAINT inbox_fence_one_row CHECK (id = 1),
  CONSTRAINT inbox_fence_pause_fk FOREIGN KEY (pause_id) REFERENCES inbox_pause (id)
);
CREATE TABLE IF NOT EXISTS tag_carry_over (
  id         INTEGER PRIMARY KEY,
  contact_id VARCHAR(64) NOT NULL,
  tag        VARCHAR(128) NOT NULL,
  done       BOOLEAN NOT NULL,
  CONSTRAINT tag_carry_over_one_row CHECK (id = 1)
);
CREATE TABLE IF NOT EXISTS schema_floor (
  version VARCHAR(16) PRIMARY KEY
);
UPDATE claim_turn SET turn = turn + 1;
INSERT INTO inbox_pause (id, paused_at, paused_by) SELECT 1, TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00', 'upgrade: a newer version works' WHERE NOT EXISTS (SELECT 1 FROM inbox_pause) ON CONFLICT DO NOTHING;
INSERT INTO inbox_hold (id, paused_at, paused_by) SELECT id, paused_at, paused_by FROM inbox_pause WHERE paused_by <> 'upgrade: a newer version works' AND NOT EXISTS (SELECT 1 FROM inbox_hold);
UPDATE inbox_pause SET paused_at = TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00', paused_by = 'upgrade: a newer version works';
INSERT INTO inbox_fence (id, pause_id, turn) SELECT 1, 1, turn FROM claim_turn WHERE NOT EXISTS (SELECT 1 FROM inbox_fence);
INSERT INTO tag_carry_over (id, contact_id, tag, done) SELECT 1, '', '', NOT EXISTS (SELECT 1 FROM crm_tags) AND NOT EXISTS (SELECT 1 FROM webhook_leases) WHERE NOT EXISTS (SELECT 1 FROM tag_carry_over);
INSERT INTO schema_floor (version) SELECT '0020' WHERE NOT EXISTS (SELECT 1 FROM schema_floor);
--rollback DROP TABLE schema_floor;
--rollback DROP TABLE tag_carry_over;
--rollback DROP TABLE inbox_fence;
--rollback DELETE FROM inbox_pause;
--rollback INSERT INTO inbox_pause (id, paused_at, paused_by) SELECT id, paused_at, paused_by FROM inbox_hold;
--rollback DELETE FROM inbox_hold;

--changeset acuse:0020-fence-h2 dbms:h2
CREATE TABLE IF NOT EXISTS inbox_fence (
  id       INTEGER PRIMARY KEY,
  pause_id INTEGER NOT NULL,
  turn     BIGINT NOT NULL,
  CONSTRAINT inbox_fence_one_row CHECK (id = 1),
  CONSTRAINT inbox_fence_pause_fk FOREIGN KEY (pause_id) REFERENCES inbox_pause (id)
);
CREATE TABLE IF NOT EXISTS tag_carry_over (
  id         INTEGER PRIMARY KEY,
  contact_id VARCHAR(64) NOT NULL,
  tag        VARCHAR(128) NOT NULL,
  done       BOOLEAN NOT NULL,
  CONSTRAINT tag_carry_over_one_row CHECK (id = 1)
);
CREATE TABLE IF NOT EXISTS schema_floor (
  version VARCHAR(16) PRIMARY KEY
);
UPDATE claim_turn SET turn = turn + 1;
INSERT INTO inbox_pause (id, paused_at, paused_by) SELECT 1, TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00', 'upgrade: a newer version works' WHERE NOT EXISTS (SELECT 1 FROM inbox_pause) ON CONFLICT DO NOTHING;
INSERT INTO inbox_hold (id, paused_at, paused_by) SELECT id, paused_at, paused_by FROM inbox_pause WHERE paused_by <> 'upgrade: a newer version works' AND NOT EXISTS (SELECT 1 FROM inbox_hold);
UPDATE inbox_pause SET paused_at = TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00', paused_by = 'upgrade: a newer version works';
INSERT INTO inbox_fence (id, pause_id, turn) SELECT 1, 1, turn FROM claim_turn WHERE NOT EXISTS (SELECT 1 FROM inbox_fence);
INSERT INTO tag_carry_over (id, contact_id, tag, done) SELECT 1, '', '', NOT EXISTS (SELECT 1 FROM crm_tags) AND NOT EXISTS (SELECT 1 FROM webhook_leases) WHERE NOT EXISTS (SELECT 1 FROM tag_carry_over);
INSERT INTO schema_floor (version) SELECT '0020' WHERE NOT EXISTS (SELECT 1 FROM schema_floor);
--rollback DROP TABLE schema_floor;
--rollback DROP TABLE tag_carry_over;
--rollback DROP TABLE inbox_fence;
--rollback DELETE FROM inbox_pause;
--rollback INSERT INTO inbox_pause (id, paused_at, paused_by) SELECT id, paused_at, paused_by FROM inbox_hold;
--rollback DELETE FROM inbox_hold;

--changeset acuse:0020-old-event-key-postgresql dbms:postgresql
SET LOCAL lock_timeout = '2s';
ALTER TABLE webhook_events DROP CONSTRAINT IF EXISTS webhook_events_webhook_id_key;
--rollback ALTER TABLE webhook_events ADD CONSTRAINT webhook_events_webhook_id_key UNIQUE (webhook_id);

--changeset acuse:0020-old-payment-key-postgresql dbms:postgresql
SET LOCAL lock_timeout = '2s';
ALTER TABLE payments DROP CONSTRAINT IF EXISTS payments_mp_payment_id_key;
--rollback ALTER TABLE payments ADD CONSTRAINT payments_mp_payment_id_key UNIQUE (mp_payment_id);

--changeset acuse:0020-old-checkout-key-postgresql dbms:postgresql
SET LOCAL lock_timeout = '2s';
ALTER TABLE checkouts DROP CONSTRAINT IF EXISTS checkouts_external_reference_key, DROP CONSTRAINT IF EXISTS checkouts_preference_id_key;
--rollback ALTER TABLE checkouts ADD CONSTRAINT checkouts_external_reference_key UNIQUE (external_reference);
--rollback ALTER TABLE checkouts ADD CONSTRAINT checkouts_preference_id_key UNIQUE (preference_id);

--changeset acuse:0020-old-due-index-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_due_idx;
--rollback CREATE INDEX webhook_events_due_idx ON webhook_events (next_retry_at, id) WHERE status = 'pending';

--changeset acuse:0020-old-status-index-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_status_idx;
--rollback CREATE INDEX webhook_events_status_idx ON webhook_events (status, id) WHERE status NOT IN ('pending', 'processing');

--changeset acuse:0020-old-type-index-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_type_idx;
--rollback CREATE INDEX webhook_events_type_idx ON webhook_events (event_type, id) WHERE event_type <> 'payment';

--changeset acuse:0020-old-origin-index-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_origin_idx;
--rollback CREATE INDEX webhook_events_origin_idx ON webhook_events (origin, id) WHERE origin <> 'webhook';

--changeset acuse:0020-old-resource-index-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_resource_idx;
--rollback CREATE INDEX webhook_events_resource_idx ON webhook_events (resource_id) WHERE status = 'pending' OR webhook_id NOT LIKE 'mp:payment:%';

--changeset acuse:0020-old-intake-index-postgresql dbms:postgresql runInTransaction:false
DROP INDEX CONCURRENTLY IF EXISTS webhook_events_intake_idx;
--rollback CREATE INDEX webhook_events_intake_idx ON webhook_events (intake_run, intake_no);

--changeset acuse:0020-old-keys-h2 dbms:h2
ALTER TABLE webhook_events DROP CONSTRAINT IF EXISTS webhook_events_webhook_id_key;
ALTER TABLE payments DROP CONSTRAINT IF EXISTS payments_mp_payment_id_key;
ALTER TABLE checkouts DROP CONSTRAINT IF EXISTS checkouts_external_reference_key;
ALTER TABLE checkouts DROP CONSTRAINT IF EXISTS checkouts_preference_id_key;
DROP INDEX IF EXISTS webhook_events_due_idx;
DROP INDEX IF EXISTS webhook_events_status_idx;
--rollback CREATE INDEX webhook_events_status_idx ON webhook_events (status, id);
--rollback CREATE INDEX webhook_events_due_idx ON webhook_events (status, next_retry_at, id);
--rollback ALTER TABLE checkouts ADD CONSTRAINT checkouts_preference_id_key UNIQUE (preference_id);
--rollback ALTER TABLE checkouts ADD CONSTRAINT checkouts_external_reference_key UNIQUE (external_reference);
--rollback ALTER TABLE payments ADD CONSTRAINT payments_mp_payment_id_key UNIQUE (mp_payment_id);
--rollback ALTER TABLE webhook_events ADD CONSTRAINT webhook_events_webhook_id_key UNIQUE (webhook_id);
