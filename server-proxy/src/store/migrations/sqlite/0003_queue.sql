-- The queue: when a signup is due, whose lease it is under, and whether an attempt may have arrived already.

-- Not before this time, in milliseconds of the queue's clock.
ALTER TABLE signups ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;
-- From then on it is parked instead of tried again.
ALTER TABLE signups ADD COLUMN give_up_at INTEGER NOT NULL DEFAULT 0;
-- 1 where an attempt may have arrived: it is looked up before any further one.
ALTER TABLE signups ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0 CHECK (unsure IN (0, 1));
-- Attempts in a row that came to nothing: the back-off grows with them.
ALTER TABLE signups ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
-- Attempts of all kinds, ever.
ALTER TABLE signups ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
-- While it is being delivered: by which run of which proxy, and until when that has to be heard of.
ALTER TABLE signups ADD COLUMN lease_owner TEXT;
ALTER TABLE signups ADD COLUMN lease_until INTEGER;

-- What was under way in the version before has two days more.
UPDATE signups SET give_up_at = (unixepoch() + 172800) * 1000, attempts = (SELECT COUNT(*) FROM attempts WHERE signup = id);

CREATE INDEX signups_due ON signups (connection, due_at) WHERE state = 'received';
CREATE INDEX signups_leases ON signups (connection, lease_until) WHERE state = 'delivering';
CREATE INDEX signups_by_email ON signups (email_hash);

-- A look-up in the CRM is an attempt of its own kind, with outcomes of its own.
CREATE TABLE attempts_new (
    signup     TEXT    NOT NULL REFERENCES signups (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    kind       TEXT    NOT NULL DEFAULT 'send' CHECK (kind IN ('send', 'look-up')),
    started_at INTEGER NOT NULL,
    -- Absent while it runs, and for ever where the proxy stopped in the middle of it.
    took_ms    INTEGER,
    outcome    TEXT CHECK (outcome IN ('sent', 'refused', 'failed', 'unknown', 'misconfigured', 'arrived', 'absent', 'unanswered')),
    crm_status INTEGER,
    -- For the operator; sealed, since a CRM may repeat what the visitor wrote.
    detail     BLOB,
    PRIMARY KEY (signup, number)
) STRICT;
INSERT INTO attempts_new (signup, number, started_at, took_ms, outcome, crm_status, detail)
    SELECT signup, number, started_at, took_ms, outcome, crm_status, detail FROM attempts;
DROP TABLE attempts;
ALTER TABLE attempts_new RENAME TO attempts;

-- The evidence of consent, which outlives its signup.
CREATE TABLE consents (
    signup     TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    funnel     TEXT    NOT NULL,
    -- A keyed hash of the e-mail in small letters: whoever knows the address can find it.
    email_hash BLOB    NOT NULL,
    agreement  TEXT    NOT NULL,
    -- SHA-256, hex, of the text and the address that the visitor saw.
    text_hash  TEXT    NOT NULL,
    signed_at  INTEGER NOT NULL,
    -- The visitor's network: an IPv4 address without its last byte, an IPv6 address's first three groups.
    network    TEXT    NOT NULL,
    PRIMARY KEY (signup, number)
) STRICT;
CREATE INDEX consents_by_email ON consents (email_hash);

-- One row, written to see whether the store takes writes.
CREATE TABLE pulse (
    id INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
