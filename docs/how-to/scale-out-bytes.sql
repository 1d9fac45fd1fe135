-- What an event costs PostgreSQL: bytes of tables and indexes, WAL, dead rows.
-- For an empty database of its own, never one with an inbox; its owner runs it, in about a minute:
--   createdb acuse_bytes
--   DATABASE_URL=jdbc:postgresql://localhost:5432/acuse_bytes java -jar target/acuse.jar db migrate config.yml
--   psql -X -q -d acuse_bytes -f docs/how-to/scale-out-bytes.sql
-- 50,000 payments of four notifications each are stored, claimed and ended by the statements of the
-- service, in transactions of twenty events; tables are vacuumed after each tenth.
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
ALTER TABLE crm_tags SET (autovacuum_enabled = off);
CREATE TEMP TABLE wal (stage TEXT PRIMARY KEY, bytes NUMERIC NOT NULL);
INSERT INTO wal VALUES ('insert', 0), ('claim', 0), ('end', 0), ('checkout, payment, tag', 0), ('vacuum', 0);

CREATE PROCEDURE pg_temp.book(what TEXT, since PG_LSN) LANGUAGE sql AS $$
  UPDATE wal SET bytes = bytes + (pg_current_wal_insert_lsn() - since) WHERE stage = what
$$;

-- Events first to last, in groups.
CREATE PROCEDURE pg_temp.live(first INTEGER, last INTEGER, size INTEGER) LANGUAGE plpgsql AS $$
DECLARE
  lsn PG_LSN;
  ids BIGINT[];
BEGIN
  FOR low IN first..last BY size LOOP
    lsn := pg_current_wal_insert_lsn();
    -- PostgresBatches.INSERT
    INSERT INTO webhook_events (webhook_id, source, event_type, action, resource_id, status, max_attempts,
      next_retry_at, raw_payload, payload_size, query_string, headers, signature, last_delivered_at, origin,
      received_at, updated_at, intake_run, intake_no)
    SELECT 'mp:payment:' || p || ':' || substr(md5(n::text), 1, 16), 'mp', 'payment', 'payment.updated', p,
      'pending', 4, now(), convert_to(body, 'UTF8'), length(body), 'data.id=' || p || '&type=payment',
      '{"x-request-id":"' || gen_random_uuid() || '","user-agent":"MercadoPago WebHook v1.0 payment",'
        || '"content-type":"application/json","content-length":"' || length(body)
        || '","x-signature-ts":"1742505638"}',
      'verified', now(), 'webhook', now(), now(), 'acuse-12345-1a2b3c4d', n
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
    -- Dialect.FROM_DUE, PostgresDialect.CLAIM
    WITH due AS MATERIALIZED (
      SELECT id, claim_no FROM webhook_events WHERE status = 'pending' AND next_retry_at <= now() AND rescues < 2
        AND (id, claim_no + 1) NOT IN (SELECT held.id, held.claim_no
          FROM webhook_leases, unnest(event_ids, claim_nos) AS held (id, claim_no))
      ORDER BY next_retry_at, id LIMIT size
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
    COMMIT;
    CALL pg_temp.book('claim', lsn);
    COMMIT;

    lsn := pg_current_wal_insert_lsn();
    -- PaymentTransaction, CustomerTagger: one row a payment; it is approved with its second notification
    FOR n IN low..low + size - 1 LOOP
      IF n % 4 = 0 THEN
        INSERT INTO checkouts (external_reference, preference_id, contact_id, title, amount, currency, status,
          init_point, created_at, updated_at)
        VALUES ('order-' || n / 4, '224400001-' || gen_random_uuid(), 'ocQHyuzHvysMo5N5' || n / 4, 'Consulta',
          1500.50, 'ARS', 'open', 'https://www.mercadopago.com.ar/checkout/v1/redirect?pref_id=224400001-'
          || gen_random_uuid(), now(), now()) ON CONFLICT DO NOTHING;
        COMMIT;
        INSERT INTO payments (mp_payment_id, status, created_at, updated_at)
        VALUES ((138400000000 + n / 4)::text, 'pending', now(), now()) ON CONFLICT DO NOTHING;
      END IF;
      IF n % 4 < 2 THEN
        UPDATE payments SET checkout_id = c.id, external_reference = c.external_reference,
          contact_id = c.contact_id, status = CASE n % 4 WHEN 0 THEN 'pending' ELSE 'approved' END,
          status_detail = 'accredited', amount = 1500.50, currency = 'ARS', collector_id = '224400001',
          payer_email = 'buyer' || n / 4 || '@example.test', mp_updated_at = now(),
          updated_at = now()
        FROM checkouts c WHERE c.external_reference = 'order-' || n / 4
          AND mp_payment_id = (138400000000 + n / 4)::text;
        COMMIT;
      END IF;
      IF n % 4 = 1 THEN
        UPDATE checkouts SET status = 'paid', updated_at = now() WHERE external_reference = 'order-' || n / 4;
        INSERT INTO crm_tags (contact_id, tag, payment_id, created_at)
        SELECT contact_id, 'pago_confirmado', id, now() FROM payments
        WHERE mp_payment_id = (138400000000 + n / 4)::text;
        COMMIT;
        UPDATE crm_tags SET claimed_until = now() + interval '30 seconds',
          claim_token = gen_random_uuid()::text
        WHERE payment_id = (SELECT id FROM payments WHERE mp_payment_id = (138400000000 + n / 4)::text);
        COMMIT;
        UPDATE crm_tags SET applied_at = now(), claimed_until = NULL, claim_token = NULL
        WHERE payment_id = (SELECT id FROM payments WHERE mp_payment_id = (138400000000 + n / 4)::text);
        COMMIT;
      END IF;
    END LOOP;
    CALL pg_temp.book('checkout, payment, tag', lsn);
    COMMIT;

    lsn := pg_current_wal_insert_lsn();
    -- EventDao.deleteLeases, PostgresBatches.END
    DELETE FROM webhook_leases WHERE event_ids = ids;
    WITH ended AS (
      UPDATE webhook_events SET status = 'success', attempts = attempts + 1, next_retry_at = NULL,
        finished_at = now(), outage_since = NULL, mp_payment_id = resource_id,
        preference_id = c.preference_id, payment_id = p.id, claim_no = claim_no + 1, updated_at = now()
      FROM payments p JOIN checkouts c ON c.id = p.checkout_id
      WHERE webhook_events.id = ANY(ids) AND p.mp_payment_id = webhook_events.resource_id
        AND webhook_events.next_retry_at IS NOT NULL
      RETURNING webhook_events.id, claim_no
    )
    INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome, steps)
    SELECT id, claim_no, 'acuse-12345-1a2b3c4d/worker-7', now(), now(), 'success',
      '[{"name":"look-up","started_at":"2026-03-02T18:05:08.123456Z","millis":103,"outcome":"ok","detail":"approved, 1500.50 ARS"},'
      || '{"name":"payment","started_at":"2026-03-02T18:05:08.226456Z","millis":3,"outcome":"ok","detail":"applied"},'
      || '{"name":"tag","started_at":"2026-03-02T18:05:08.229456Z","millis":96,"outcome":"ok","detail":"tagged"}]'
    FROM ended;
    COMMIT;
    CALL pg_temp.book('end', lsn);
    COMMIT;
  END LOOP;
END $$;

CHECKPOINT;
SELECT pg_current_wal_insert_lsn() AS begun \gset
CALL pg_temp.live(0, :tenth - 1, 20);
\echo The first tenth, before anything was vacuumed
SELECT pg_sleep(2) \gset
SELECT relname AS "table", n_tup_ins AS inserted, n_tup_upd AS updated, n_tup_hot_upd AS hot, n_dead_tup AS dead
FROM pg_stat_user_tables
WHERE relname IN ('webhook_events', 'webhook_attempts', 'payments', 'checkouts', 'crm_tags') ORDER BY 1;
VACUUM (ANALYZE) webhook_events, webhook_attempts, payments, checkouts, crm_tags;
SELECT format('CALL pg_temp.live(%s, %s, 20)', first, first + :tenth - 1),
  'VACUUM (ANALYZE) webhook_events, webhook_attempts, payments, checkouts, crm_tags'
FROM generate_series(:tenth, :events - 1, :tenth) AS first ORDER BY first \gexec

\echo WAL, bytes an event
UPDATE wal SET bytes = pg_current_wal_insert_lsn() - :'begun'::pg_lsn - (SELECT SUM(bytes) FROM wal)
WHERE stage = 'vacuum';
SELECT stage, round(bytes / :events) AS bytes FROM wal
UNION ALL SELECT 'all', round(SUM(bytes) / :events) FROM wal ORDER BY 2;
SELECT COUNT(*) AS events, round(AVG(pg_column_size(e.*))) AS row_bytes, round(AVG(length(webhook_id))) AS key_bytes,
  round(AVG(payload_size)) AS body_bytes, round(AVG(length(headers))) AS header_bytes
FROM webhook_events e WHERE status = 'success';
SELECT round(AVG(pg_column_size(a.*))) AS attempt_row_bytes, round(AVG(length(steps))) AS steps_bytes
FROM webhook_attempts a;

CREATE VIEW pg_temp.sizes AS
SELECT t.relname AS of, c.relname AS what, pg_relation_size(c.oid) AS bytes,
  round(pg_relation_size(c.oid)::numeric / CASE WHEN t.relname LIKE 'webhook%' THEN 200000 ELSE 50000 END, 1) AS each
FROM pg_class t
JOIN pg_class c ON c.oid = t.oid OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = t.oid)
WHERE t.relname IN ('webhook_events', 'webhook_attempts', 'payments', 'checkouts', 'crm_tags')
  AND t.relkind = 'r';
\echo Bytes on disk, vacuumed after each tenth; each: of one event, or of one payment
SELECT * FROM pg_temp.sizes ORDER BY of, bytes DESC;
SELECT of, SUM(bytes) AS bytes, SUM(each) AS each FROM pg_temp.sizes GROUP BY of ORDER BY 1;
VACUUM FULL webhook_events;
VACUUM FULL webhook_attempts;
VACUUM FULL payments;
VACUUM FULL checkouts;
VACUUM FULL crm_tags;
\echo The same without a dead row or a gap: what it holds
SELECT * FROM pg_temp.sizes ORDER BY of, bytes DESC;
SELECT of, SUM(bytes) AS bytes, SUM(each) AS each FROM pg_temp.sizes GROUP BY of ORDER BY 1;
