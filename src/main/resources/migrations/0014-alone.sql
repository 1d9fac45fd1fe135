--liquibase formatted sql logicalFilePath:migrations/0014-alone.sql

--changeset acuse:0014-alone-postgresql dbms:postgresql
--comment Events that must run alone are looked for once a second, and there is hardly ever one: without reading the backlog for that.
CREATE INDEX webhook_events_alone_idx ON webhook_events (next_retry_at, id) WHERE status = 'pending' AND rescues >= 2;
--rollback DROP INDEX webhook_events_alone_idx;

--changeset acuse:0014-alone-h2 dbms:h2
--comment The same where an index holds every row.
CREATE INDEX webhook_events_alone_idx ON webhook_events (rescues);
--rollback DROP INDEX webhook_events_alone_idx;
