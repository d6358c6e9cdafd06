-- What operators are told of; what the columns mean stands in SQLite's migration.
ALTER TABLE signups ADD COLUMN told BIGINT NOT NULL DEFAULT -1;
CREATE INDEX signups_untold ON signups (state) WHERE state = 'parked' AND told < attempts;

CREATE TABLE news (
    connection TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    count      BIGINT NOT NULL,
    PRIMARY KEY (connection, reason)
);

CREATE TABLE alerts (
    connection  TEXT   NOT NULL,
    kind        TEXT   NOT NULL CHECK (kind IN ('parked', 'down')),
    quiet_until BIGINT NOT NULL DEFAULT 0,
    held_until  BIGINT NOT NULL DEFAULT 0,
    seen_at     BIGINT NOT NULL DEFAULT 0,
    told        BIGINT NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    PRIMARY KEY (connection, kind)
);
