-- What a webhook costs PostgreSQL: bytes of tables and indexes, WAL, dead rows, transaction ids.
-- For an empty database of its own, never one with an inbox; its owner runs it, in some minutes:
--   createdb acuse_bytes
--   DATABASE_URL=jdbc:postgresql://localhost:5432/acuse_bytes java -jar target/acuse.jar db migrate config.yml
--   psql -X -q -d acuse_bytes -f docs/how-to/scale-out-bytes.sql
-- 50,000 payments of four notifications each are stored, claimed and ended by the statements of the service, in
-- transactions of twenty events. Each payment has a checkout and one tag, which is an effect with an event of its own in
-- the lane of a location: claimed and ended by itself, because the rate of that lane gives one call a turn. Tables are
-- vacuumed after each tenth.
\set ON_ERROR_STOP on
\set events 200000
\set tenth 20000
\pset footer off
SET synchronous_commit = off; -- the same WAL, sooner
SET enable_seqscan = off; -- as in a large table
SET jit = off; -- which would take that for a costly plan
ALTER TABLE webhook_events SET (autovacuum_enabled = off);
ALTER TABLE webhook_attempts SET (autovacuum_enabled = off);
ALTER TABLE payments SET (autovacuum_enabled = off);
ALTER TABLE checkouts SET (autovacuum_enabled = off);
ALTER TABLE effects SET (autovacuum_enabled = off);
ALTER TABLE effect_reasons SET (autovacuum_enabled = off);
CREATE TEMP TABLE wal (stage TEXT PRIMARY KEY, bytes NUMERIC NOT NULL);
INSERT INTO wal VALUES ('insert', 0), ('claim', 0), ('end', 0), ('checkout, payment, effect', 0),
  ('claim and end of effects', 0), ('vacuum', 0);

CREATE PROCEDURE pg_temp.book(what TEXT, since PG_LSN) LANGUAGE sql AS $$
  UPDATE wal SET bytes = bytes + (pg_current_wal_insert_lsn() - since) WHERE stage = what
$$;

-- Dialect.FROM_LANE, PostgresDialect.OF_LANES and CLAIM: what of one lane is due.
CREATE FUNCTION pg_temp.claim(of_lane TEXT, most INTEGER) RETURNS BIGINT[] LANGUAGE plpgsql AS $$
DECLARE
  ids BIGINT[];
BEGIN
  WITH due AS MATERIALIZED (
    SELECT taken.* FROM unnest(ARRAY[of_lane], ARRAY[most]) AS share (name, most),
    LATERAL (SELECT id, claim_no FROM webhook_events
      WHERE status = 'pending' AND origin IN ('webhook', 'reconciliation', 'manual', 'effect')
        AND (origin <> 'effect' OR event_type = ANY('{tag,find_contact}'))
        AND next_retry_at <= now() AND rescues < 2 AND lane = share.name
        AND (id, claim_no + 1) NOT IN (SELECT held.id, held.claim_no
          FROM webhook_leases, unnest(event_ids, claim_nos) AS held (id, claim_no))
        AND NOT EXISTS (SELECT 1 FROM inbox_hold)
      ORDER BY status, lane, next_retry_at, id LIMIT share.most) AS taken
  ), turn AS (
    UPDATE claim_turn SET turn = turn + 1
    WHERE turn = (SELECT turn FROM claim_turn) AND EXISTS (SELECT 1 FROM due) RETURNING turn
  ), lease AS (
    INSERT INTO webhook_leases (id, owner, claimed_at, expires_at, event_ids, claim_nos)
    SELECT turn.turn, 'acuse-12345-1a2b3c4d', now(), now() + interval '1 minute', array_agg(due.id),
      array_agg(due.claim_no + 1)
    FROM due, turn GROUP BY turn.turn
    RETURNING event_ids
  ) SELECT event_ids INTO ids FROM lease;
  RETURN ids;
END $$;

-- Events first to last, in groups.
CREATE PROCEDURE pg_temp.live(first INTEGER, last INTEGER, size INTEGER) LANGUAGE plpgsql AS $$
DECLARE
  lsn PG_LSN;
  ids BIGINT[];
  of_checkout BIGINT;
  of_payment BIGINT;
  of_effect BIGINT;
  of_event BIGINT;
BEGIN
  FOR low IN first..last BY size LOOP
    lsn := pg_current_wal_insert_lsn();
    -- PostgresBatches.INSERT
    INSERT INTO webhook_events (webhook_id, source, event_type, action, resource_id, status, max_attempts,
      next_retry_at, raw_payload, payload_size, query_string, headers, signature, last_delivered_at, origin,
      received_at, updated_at, intake_run, intake_no, account_id, lane)
    SELECT 'mp:payment:' || p || ':' || substr(md5(n::text), 1, 16), 'mp', 'payment', 'payment.updated', p,
      'pending', 4, now(), convert_to(body, 'UTF8'), length(body), 'data.id=' || p || '&type=payment',
      '{"x-request-id":"' || gen_random_uuid() || '","user-agent":"MercadoPago WebHook v1.0 payment",'
        || '"content-type":"application/json","content-length":"' || length(body)
        || '","x-signature-ts":"1742505638"}',
      'verified', now(), 'webhook', now(), now(), 'acuse-12345-1a2b3c4d', n, 1, 'mp:1'
    FROM generate_series(low, low + size - 1) AS n
    CROSS JOIN LATERAL (SELECT (138400000000 + n / 4)::text AS p) AS payment
    CROSS JOIN LATERAL (SELECT '{"action":"payment.updated","api_version":"v1","data":{"id":"' || p
      || '"},"date_created":"2026-03-02T18:05:07Z","id":' || 120000000000 + n
      || ',"live_mode":true,"type":"payment","user_id":"224400001"}' AS body) AS request
    ORDER BY 1
    ON CONFLICT DO NOTHING;
    COMMIT;
    CALL pg_temp.book('insert', lsn);
    COMMIT;

    lsn := pg_current_wal_insert_lsn();
    ids := pg_temp.claim('mp:1', size);
    COMMIT;
    CALL pg_temp.book('claim', lsn);
    COMMIT;

    lsn := pg_current_wal_insert_lsn();
    -- PaymentTransaction, Settlement: one row a payment; it is approved with its second notification
    FOR n IN low..low + size - 1 LOOP
      IF n % 4 = 0 THEN
        INSERT INTO checkouts (external_reference, preference_id, contact_id, title, amount, currency, status,
          init_point, created_at, updated_at)
        VALUES ('order-' || n / 4, '224400001-' || gen_random_uuid(), 'ocQHyuzHvysMo5N5' || n / 4, 'Consulta',
          1500.50, 'ARS', 'open', 'https://www.mercadopago.com.ar/checkout/v1/redirect?pref_id=224400001-'
          || gen_random_uuid(), now(), now()) ON CONFLICT DO NOTHING;
        COMMIT;
      END IF;
      SELECT id INTO of_checkout FROM checkouts
      WHERE account_id = 1 AND external_reference = 'order-' || n / 4 FOR UPDATE;
      SELECT id INTO of_payment FROM payments
      WHERE account_id = 1 AND mp_payment_id = (138400000000 + n / 4)::text FOR UPDATE;
      IF of_payment IS NULL THEN
        INSERT INTO payments (mp_payment_id, status, created_at, updated_at)
        VALUES ((138400000000 + n / 4)::text, 'pending', now(), now()) ON CONFLICT DO NOTHING
        RETURNING id INTO of_payment;
      END IF;
      IF n % 4 < 2 THEN
        UPDATE payments SET checkout_id = c.id, external_reference = c.external_reference,
          contact_id = c.contact_id, status = CASE n % 4 WHEN 0 THEN 'pending' ELSE 'approved' END,
          status_detail = 'accredited', amount = 1500.50, amount_refunded = 0, currency = 'ARS',
          collector_id = '224400001', payer_email = 'buyer' || n / 4 || '@example.test', mp_updated_at = now(),
          approved_at = CASE n % 4 WHEN 1 THEN now() END, looked_up_at = now(), method = 'visa',
          method_type = 'credit_card', last_four = '4242', instalments = 3, fee = 61.37, net = 1439.13,
          release_at = now() + interval '10 days', payer_name = 'Mariana Gutiérrez', product = 'Consulta',
          search_text = 'mariana gutierrez buyer' || n / 4 || '@example.test consulta order-' || n / 4 || ' '
            || 138400000000 + n / 4 || ' 4242',
          updated_at = now()
        FROM checkouts c WHERE c.id = of_checkout AND payments.id = of_payment;
      END IF;
      IF n % 4 = 1 THEN
        UPDATE checkouts SET status = 'paid', paid_at = now(), updated_at = now() WHERE id = of_checkout;
        -- EffectDao.insert, Outbox.addOne, EffectDao.setEvent and insertReasons
        INSERT INTO effects (account_id, family, kind, target, name, wanted, generation, state, created_at, updated_at)
        VALUES (1, 'standing', 'tag', 'ocQHyuzHvysMo5N5' || n / 4, 'pago_confirmado', 'present', 1, 'waiting', now(),
          now())
        ON CONFLICT DO NOTHING RETURNING id INTO of_effect;
        INSERT INTO webhook_events (webhook_id, source, event_type, resource_id, status, max_attempts,
          next_retry_at, raw_payload, payload_size, headers, signature, last_delivered_at, origin,
          received_at, updated_at, account_id, lane, effect_id)
        VALUES ('effect:' || of_effect || ':1', 'acuse', 'tag', of_effect::text, 'pending', 4,
          now(), ''::bytea, 0, '{}', 'unchecked', now(), 'effect', now(), now(), 1, 'crm:ve9EPM428h8vShlRW1KT',
          of_effect)
        ON CONFLICT DO NOTHING RETURNING id INTO of_event;
        UPDATE effects SET event_id = of_event WHERE id = of_effect;
        INSERT INTO effect_reasons (effect_id, subject, rule, version, account_id, created_at)
        VALUES (of_effect, 'checkout:' || of_checkout, 'approved', 0, 1, now()) ON CONFLICT DO NOTHING;
      END IF;
      COMMIT;
    END LOOP;
    CALL pg_temp.book('checkout, payment, effect', lsn);
    COMMIT;

    lsn := pg_current_wal_insert_lsn();
    -- EventDao.deleteLeases, PostgresBatches.END
    DELETE FROM webhook_leases WHERE id = (SELECT turn FROM claim_turn);
    WITH ended AS (
      UPDATE webhook_events SET status = 'success', attempts = attempts + 1, next_retry_at = NULL,
        finished_at = now(), outage_since = NULL, mp_payment_id = resource_id,
        preference_id = c.preference_id, payment_id = p.id, claim_no = claim_no + 1, updated_at = now()
      FROM payments p JOIN checkouts c ON c.id = p.checkout_id
      WHERE webhook_events.id = ANY(ids) AND p.account_id = 1 AND p.mp_payment_id = webhook_events.resource_id
        AND webhook_events.next_retry_at IS NOT NULL
      RETURNING webhook_events.id, claim_no, p.id AS payment, c.id AS checkout, p.mp_payment_id
    )
    INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome, steps)
    SELECT id, claim_no, 'acuse-12345-1a2b3c4d/worker-7', now(), now(), 'success',
      '[{"name":"look-up","started_at":"2026-03-02T18:05:08.123456Z","millis":103,"outcome":"ok","detail":"payment '
      || mp_payment_id || ' is approved"},'
      || '{"name":"payment","started_at":"2026-03-02T18:05:08.226456Z","millis":3,"outcome":"ok","detail":"payment '
      || payment || ' updated, checkout ' || checkout || ', 1 effect, 1 waiting"}]'
    FROM ended;
    COMMIT;
    CALL pg_temp.book('end', lsn);
    COMMIT;

    lsn := pg_current_wal_insert_lsn();
    LOOP
      ids := pg_temp.claim('crm:ve9EPM428h8vShlRW1KT', 1);
      COMMIT;
      EXIT WHEN ids IS NULL;
      DELETE FROM webhook_leases WHERE id = (SELECT turn FROM claim_turn);
      WITH ended AS (
        UPDATE webhook_events SET status = 'success', attempts = attempts + 1, next_retry_at = NULL,
          finished_at = now(), outage_since = NULL, claim_no = claim_no + 1, updated_at = now()
        WHERE id = ANY(ids) AND next_retry_at IS NOT NULL
        RETURNING id, claim_no
      )
      INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome, steps)
      SELECT id, claim_no, 'acuse-12345-1a2b3c4d/worker-7', now(), now(), 'success',
        '[{"name":"tag","started_at":"2026-03-02T18:05:08.229456Z","millis":96,"outcome":"ok","detail":"tagged"}]'
      FROM ended;
      -- EffectSteps, EffectDao.lock and done
      SELECT id INTO of_effect FROM effects
      WHERE id = (SELECT effect_id FROM webhook_events WHERE id = ids[1]) FOR UPDATE;
      UPDATE effects SET state = 'done', done_generation = generation, done_at = now(), error = NULL, reason = NULL,
        reason_args = NULL, updated_at = now()
      WHERE id = of_effect;
      COMMIT;
    END LOOP;
    CALL pg_temp.book('claim and end of effects', lsn);
    COMMIT;
  END LOOP;
END $$;

-- OperatorDao.purge, a batch at a time; a trigger deletes the attempts.
CREATE PROCEDURE pg_temp.purge(below BIGINT, size INTEGER) LANGUAGE plpgsql AS $$
DECLARE
  ids BIGINT[];
BEGIN
  LOOP
    SELECT array_agg(id) INTO ids FROM (
      SELECT id FROM webhook_events WHERE id < below ORDER BY id LIMIT size FOR UPDATE) AS oldest;
    EXIT WHEN ids IS NULL;
    DELETE FROM webhook_events WHERE id = ANY(ids);
    -- EffectSteps, EffectDao.withoutEvent
    UPDATE effects SET event_id = NULL WHERE id IN (
      SELECT e.id FROM effects e JOIN unnest(ids) AS gone (id) ON e.event_id = gone.id) AND event_id = ANY(ids);
    COMMIT;
  END LOOP;
END $$;

CHECKPOINT;
SELECT pg_current_wal_insert_lsn() AS begun \gset
SELECT pg_current_xact_id()::text::bigint AS xid_begun \gset
CALL pg_temp.live(0, :tenth - 1, 20);
\echo The first tenth, before anything was vacuumed
SELECT pg_sleep(2) \gset
SELECT relname AS "table", n_tup_ins AS inserted, n_tup_upd AS updated, n_tup_hot_upd AS hot, n_dead_tup AS dead
FROM pg_stat_user_tables
WHERE relname IN ('webhook_events', 'webhook_attempts', 'payments', 'checkouts', 'effects', 'effect_reasons')
ORDER BY 1;
VACUUM (ANALYZE) webhook_events, webhook_attempts, payments, checkouts, effects, effect_reasons;
SELECT format('CALL pg_temp.live(%s, %s, 20)', first, first + :tenth - 1),
  'VACUUM (ANALYZE) webhook_events, webhook_attempts, payments, checkouts, effects, effect_reasons'
FROM generate_series(:tenth, :events - 1, :tenth) AS first ORDER BY first \gexec

\echo WAL, bytes a webhook
UPDATE wal SET bytes = pg_current_wal_insert_lsn() - :'begun'::pg_lsn - (SELECT SUM(bytes) FROM wal)
WHERE stage = 'vacuum';
SELECT stage, round(bytes / :events) AS bytes FROM wal
UNION ALL SELECT 'all', round(SUM(bytes) / :events) FROM wal ORDER BY 2;
-- But for those that this script takes to book: one a stage and group.
SELECT round((pg_current_xact_id()::text::bigint - :xid_begun) / :events::numeric - 5 / 20.0, 2)
  AS transaction_ids_a_webhook;
SELECT origin, COUNT(*) AS events, round(AVG(pg_column_size(e.*))) AS row_bytes,
  round(AVG(length(webhook_id))) AS key_bytes, round(AVG(payload_size)) AS body_bytes,
  round(AVG(length(headers))) AS header_bytes
FROM webhook_events e WHERE status = 'success' GROUP BY origin ORDER BY 1 DESC;
SELECT e.origin, round(AVG(pg_column_size(a.*))) AS attempt_row_bytes, round(AVG(length(steps))) AS steps_bytes
FROM webhook_attempts a JOIN webhook_events e ON e.id = a.event_id GROUP BY e.origin ORDER BY 1 DESC;

CREATE TEMP VIEW sizes AS
SELECT t.relname AS of, c.relname AS what, pg_relation_size(c.oid) AS bytes,
  round(pg_relation_size(c.oid) / 200000.0, 1) AS each
FROM pg_class t
JOIN pg_class c ON c.oid = t.oid OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = t.oid)
WHERE t.relname IN ('webhook_events', 'webhook_attempts', 'payments', 'checkouts', 'effects', 'effect_reasons')
  AND t.relkind = 'r';
CREATE TEMP VIEW sums AS
SELECT of, SUM(bytes) AS bytes, round(SUM(bytes) / 200000.0) AS each,
  round(SUM(bytes) FILTER (WHERE of <> what) / 200000.0) AS of_it_indexes
FROM pg_temp.sizes GROUP BY of;
\echo Bytes on disk, vacuumed after each tenth; each: of one webhook
SELECT * FROM pg_temp.sizes ORDER BY of, bytes DESC;
SELECT * FROM pg_temp.sums ORDER BY of;
VACUUM FULL webhook_events;
VACUUM FULL webhook_attempts;
VACUUM FULL payments;
VACUUM FULL checkouts;
VACUUM FULL effects;
VACUUM FULL effect_reasons;
\echo The same without a dead row or a gap: what it holds
SELECT * FROM pg_temp.sizes ORDER BY of, bytes DESC;
SELECT * FROM pg_temp.sums ORDER BY of;

\echo WAL of deleting the oldest tenth after a checkpoint, a webhook
CHECKPOINT;
SELECT pg_sleep(2) \gset
SELECT pg_current_wal_insert_lsn() AS begun, wal_fpi AS images FROM pg_stat_wal \gset
SELECT id AS tenth_ends FROM webhook_events WHERE origin = 'webhook' ORDER BY id OFFSET :tenth LIMIT 1 \gset
CALL pg_temp.purge(:tenth_ends, 250);
SELECT pg_sleep(2) \gset
SELECT round((pg_current_wal_insert_lsn() - :'begun'::pg_lsn) / :tenth) AS bytes,
  round((wal_fpi - :images) / :tenth::numeric, 2) AS images_of_pages_in_it
FROM pg_stat_wal;

\echo Without the events of effects: what is kept for as long as webhooks are
DELETE FROM webhook_events WHERE origin = 'effect';
VACUUM FULL webhook_events;
VACUUM FULL webhook_attempts;
SELECT of, bytes, round(bytes / (200000.0 - :tenth)) AS each FROM pg_temp.sums WHERE of LIKE 'webhook%' ORDER BY of;
