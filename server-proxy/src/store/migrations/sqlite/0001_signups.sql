-- Times are milliseconds since 1970, UTC. What is personal or a credential is sealed (see keys.rs), bound to its row.
CREATE TABLE signups (
    id               TEXT    NOT NULL PRIMARY KEY,
    funnel           TEXT    NOT NULL,
    funnel_version   TEXT    NOT NULL,
    connection       TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('received', 'delivering', 'registered', 'rejected', 'parked')),
    -- Why it is in that state: a word, see store/signup.rs.
    reason           TEXT,
    -- For a refusal: the field it is about.
    refused_field    TEXT,
    received_at      INTEGER NOT NULL,
    changed_at       INTEGER NOT NULL,
    -- What the visitor sent.
    content          BLOB    NOT NULL,
    -- A keyed hash of the e-mail in small letters.
    email_hash       BLOB    NOT NULL,
    -- Keyed hashes of the Idempotency-Key and of what came with it.
    idempotency_hash BLOB,
    fingerprint      BLOB,
    -- The client's id in the CRM.
    crm_id           TEXT,
    -- The autologin link, and its ticket's serial number and first use.
    link             BLOB,
    link_expires_at  INTEGER,
    ticket_serial    INTEGER NOT NULL DEFAULT 0,
    ticket_used_at   INTEGER
) STRICT;

CREATE UNIQUE INDEX signups_idempotency ON signups (funnel, idempotency_hash) WHERE idempotency_hash IS NOT NULL;
-- One delivery for one e-mail at a time.
CREATE UNIQUE INDEX signups_under_way ON signups (funnel, email_hash) WHERE state IN ('received', 'delivering');
CREATE INDEX signups_by_state ON signups (state, received_at);

CREATE TABLE attempts (
    signup     TEXT    NOT NULL REFERENCES signups (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    -- Absent while it runs, and for ever where the proxy stopped in the middle of it.
    took_ms    INTEGER,
    outcome    TEXT CHECK (outcome IN ('sent', 'refused', 'failed', 'unknown', 'misconfigured')),
    crm_status INTEGER,
    -- For the operator; sealed, since a CRM may repeat what the visitor wrote.
    detail     BLOB,
    PRIMARY KEY (signup, number)
) STRICT;
