--liquibase formatted sql logicalFilePath:migrations/0008-quarantine-check.sql

--changeset acuse:0008-quarantine-check
--comment When MercadoPago was last asked about a quarantined event, and when it confirmed that there is such a thing.
ALTER TABLE webhook_events ADD COLUMN examined_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE webhook_events ADD COLUMN confirmed_at TIMESTAMP WITH TIME ZONE;
--rollback ALTER TABLE webhook_events DROP COLUMN examined_at;
--rollback ALTER TABLE webhook_events DROP COLUMN confirmed_at;
