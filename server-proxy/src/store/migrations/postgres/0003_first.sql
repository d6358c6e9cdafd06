-- The tables as SQLite's migrations 1 to 3 leave them; what their columns mean stands there.
CREATE TABLE signups (
    id               TEXT   NOT NULL PRIMARY KEY,
    funnel           TEXT   NOT NULL,
    funnel_version   TEXT   NOT NULL,
    connection       TEXT   NOT NULL,
    state            TEXT   NOT NULL CHECK (state IN ('received', 'delivering', 'registered', 'rejected', 'parked')),
    reason           TEXT,
    refused_field    TEXT,
    received_at      BIGINT NOT NULL,
    changed_at       BIGINT NOT NULL,
    content          BYTEA  NOT NULL,
    email_hash       BYTEA  NOT NULL,
    idempotency_hash BYTEA,
    fingerprint      BYTEA,
    crm_id           TEXT,
    link             BYTEA,
    link_expires_at  BIGINT,
    ticket_serial    BIGINT NOT NULL DEFAULT 0,
    ticket_used_at   BIGINT,
    due_at           BIGINT NOT NULL DEFAULT 0,
    give_up_at       BIGINT NOT NULL DEFAULT 0,
    unsure           BIGINT NOT NULL DEFAULT 0 CHECK (unsure IN (0, 1)),
    tries            BIGINT NOT NULL DEFAULT 0,
    attempts         BIGINT NOT NULL DEFAULT 0,
    lease_owner      TEXT,
    lease_until      BIGINT
);

CREATE UNIQUE INDEX signups_idempotency ON signups (funnel, idempotency_hash) WHERE idempotency_hash IS NOT NULL;
CREATE UNIQUE INDEX signups_under_way ON signups (funnel, email_hash) WHERE state IN ('received', 'delivering');
CREATE INDEX signups_by_state ON signups (state, received_at);
CREATE INDEX signups_due ON signups (connection, due_at) WHERE state = 'received';
CREATE INDEX signups_leases ON signups (connection, lease_until) WHERE state = 'delivering';
CREATE INDEX signups_by_email ON signups (email_hash);

CREATE TABLE attempts (
    signup     TEXT   NOT NULL REFERENCES signups (id) ON DELETE CASCADE,
    number     BIGINT NOT NULL,
    kind       TEXT   NOT NULL DEFAULT 'send' CHECK (kind IN ('send', 'look-up')),
    started_at BIGINT NOT NULL,
    took_ms    BIGINT,
    outcome    TEXT CHECK (outcome IN ('sent', 'refused', 'failed', 'unknown', 'misconfigured', 'arrived', 'absent', 'unanswered')),
    crm_status BIGINT,
    detail     BYTEA,
    PRIMARY KEY (signup, number)
);

CREATE TABLE given (
    funnel     TEXT   NOT NULL PRIMARY KEY,
    content    TEXT   NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE consents (
    signup     TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    funnel     TEXT   NOT NULL,
    email_hash BYTEA  NOT NULL,
    agreement  TEXT   NOT NULL,
    text_hash  TEXT   NOT NULL,
    signed_at  BIGINT NOT NULL,
    network    TEXT   NOT NULL,
    PRIMARY KEY (signup, number)
);
CREATE INDEX consents_by_email ON consents (email_hash);

CREATE TABLE pulse (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);
