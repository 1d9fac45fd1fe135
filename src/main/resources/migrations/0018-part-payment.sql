--liquibase formatted sql logicalFilePath:migrations/0018-part-payment.sql

--changeset acuse:0018-payment-money
--comment What was given back, and when it was approved: a checkout's payments are judged together. An answer is as fresh as the beginning of its look-up; an operator's look-up overrules what is stored.
ALTER TABLE payments ADD COLUMN IF NOT EXISTS amount_refunded NUMERIC(19, 4);
ALTER TABLE payments ADD COLUMN IF NOT EXISTS approved_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE payments ADD COLUMN IF NOT EXISTS looked_up_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE payments ADD COLUMN IF NOT EXISTS overruled_at TIMESTAMP WITH TIME ZONE;
--rollback ALTER TABLE payments DROP COLUMN overruled_at;
--rollback ALTER TABLE payments DROP COLUMN looked_up_at;
--rollback ALTER TABLE payments DROP COLUMN approved_at;
--rollback ALTER TABLE payments DROP COLUMN amount_refunded;

--changeset acuse:0018-checkout-status
--comment The words of a checkout's status are the program's. What a version before called open or paid is brought into the new words as far as the rows tell; a look-up tells the rest.
ALTER TABLE checkouts DROP CONSTRAINT IF EXISTS checkouts_status_check;
ALTER TABLE checkouts ADD COLUMN IF NOT EXISTS paid_at TIMESTAMP WITH TIME ZONE;
UPDATE checkouts SET status = 'disputed'
  WHERE status = 'open' AND id IN (SELECT checkout_id FROM payments
    WHERE status IN ('in_mediation', 'charged_back') AND (flag IS NULL OR accepted_at IS NOT NULL));
UPDATE checkouts SET status = 'refunded'
  WHERE status = 'open' AND id IN (SELECT checkout_id FROM payments
    WHERE status = 'refunded' AND (flag IS NULL OR accepted_at IS NOT NULL));
UPDATE checkouts SET status = 'partly_refunded'
  WHERE status = 'paid' AND id IN (SELECT checkout_id FROM payments
    WHERE status = 'approved' AND status_detail = 'partially_refunded'
      AND (flag IS NULL OR accepted_at IS NOT NULL))
    AND NOT EXISTS (SELECT 1 FROM payments p
      WHERE p.checkout_id = checkouts.id AND (p.flag IS NULL OR p.accepted_at IS NOT NULL)
        AND p.status = 'approved'
        AND (p.status_detail IS NULL OR p.status_detail <> 'partially_refunded'));
--rollback UPDATE checkouts SET status = CASE WHEN status = 'paid' OR EXISTS (SELECT 1 FROM payments p WHERE p.checkout_id = checkouts.id AND (p.flag IS NULL OR p.accepted_at IS NOT NULL) AND p.status = 'approved' AND p.amount = checkouts.amount) THEN 'paid' ELSE 'open' END;
--rollback ALTER TABLE checkouts DROP COLUMN paid_at;
--rollback ALTER TABLE checkouts ADD CONSTRAINT checkouts_status_check CHECK (status IN ('open', 'paid'));

--changeset acuse:0018-event-retried
--comment When an operator last made an event due again: its look-up may overrule what is stored.
ALTER TABLE webhook_events ADD COLUMN IF NOT EXISTS retried_at TIMESTAMP WITH TIME ZONE;
--rollback ALTER TABLE webhook_events DROP COLUMN retried_at;
