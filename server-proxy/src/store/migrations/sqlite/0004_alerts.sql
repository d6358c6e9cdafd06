-- What operators are told of.

-- How many attempts a signup had when its parking was told of: with more of them by now it is news again.
-- The index has as few rows as there is news: it begins like the one by state, which would be taken otherwise.
ALTER TABLE signups ADD COLUMN told INTEGER NOT NULL DEFAULT -1;
CREATE INDEX signups_untold ON signups (state) WHERE state = 'parked' AND told < attempts;

-- Parked signups that are still to be told of.
CREATE TABLE news (
    connection TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    count      INTEGER NOT NULL,
    PRIMARY KEY (connection, reason)
) STRICT;

-- One row for what may be told of a connection, so that of several proxies one tells it. Times are the queue's.
CREATE TABLE alerts (
    connection  TEXT    NOT NULL,
    kind        TEXT    NOT NULL CHECK (kind IN ('parked', 'down')),
    -- No message before this time.
    quiet_until INTEGER NOT NULL DEFAULT 0,
    -- Until then somebody is sending one.
    held_until  INTEGER NOT NULL DEFAULT 0,
    -- When a proxy last saw the CRM down, and whether that has been told of.
    seen_at     INTEGER NOT NULL DEFAULT 0,
    told        INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    PRIMARY KEY (connection, kind)
) STRICT;
