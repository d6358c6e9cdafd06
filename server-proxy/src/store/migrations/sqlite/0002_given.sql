-- What a funnel's CRM gave to it last (steps, fields), as JSON: served while the CRM is down. Nothing in it is personal.
CREATE TABLE given (
    funnel     TEXT    NOT NULL PRIMARY KEY,
    content    TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
