--liquibase formatted sql logicalFilePath:migrations/0017-misfit.sql

--changeset acuse:0017-misfit-h2 dbms:h2
--comment How many payments do not fit is asked every few seconds. PostgreSQL has an index of those alone.
CREATE INDEX payments_flag_idx ON payments (flag, accepted_at);
--rollback DROP INDEX payments_flag_idx;
