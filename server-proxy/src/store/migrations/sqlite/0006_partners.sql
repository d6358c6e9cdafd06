-- What an affiliate's dashboard is made of.

-- Affiliates that were added at a prompt; those of the configuration are not here.
CREATE TABLE affiliates (
    id         TEXT    NOT NULL PRIMARY KEY,
    connection TEXT    NOT NULL,
    crm_id     TEXT    NOT NULL,
    -- JSON, as in the configuration.
    buckets    TEXT    NOT NULL,
    portals    TEXT    NOT NULL,
    scopes     TEXT    NOT NULL,
    -- Sealed JSON; NULL where it has none of its own.
    credential BLOB,
    enabled    INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE embed_tokens (
    -- SHA-256 of a token, which is 256 random bits.
    hash       BLOB    NOT NULL PRIMARY KEY,
    affiliate  TEXT    NOT NULL,
    portal     TEXT    NOT NULL,
    scopes     TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX embed_tokens_affiliate ON embed_tokens (portal, affiliate);
CREATE INDEX embed_tokens_expiry ON embed_tokens (expires_at);

-- Downloads that were asked for. One use each: its row goes with it.
CREATE TABLE exports (
    hash       BLOB    NOT NULL PRIMARY KEY,
    -- Who may, what, and how: JSON.
    content    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- One row for each affiliate whose records are mirrored. Here and below an affiliate goes by its id and a hash of where its records
-- are: one that is moved to another source begins with an empty mirror.
CREATE TABLE mirrors (
    affiliate   TEXT    NOT NULL PRIMARY KEY,
    -- When the CRM was asked with success: at all, and for everything. 0: never.
    as_of       INTEGER NOT NULL DEFAULT 0,
    whole_as_of INTEGER NOT NULL DEFAULT 0,
    -- When it last was not; 0 after a success.
    failed_at   INTEGER NOT NULL DEFAULT 0,
    -- Whose it is to ask, and until when.
    owner       TEXT    NOT NULL DEFAULT '',
    held_until  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The mirror: people, transactions, positions, commissions, payouts. What a record lacks is '' or 0, so that pages go on behind any row.
-- Amounts stand as the CRM wrote them, and in whole ones and 10^-8, of the same sign, to be sorted and added.
CREATE TABLE records (
    affiliate     TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    stage         TEXT    NOT NULL DEFAULT '',
    status        TEXT    NOT NULL DEFAULT '',
    type          TEXT    NOT NULL DEFAULT '',
    country       TEXT    NOT NULL DEFAULT '',
    source        TEXT    NOT NULL DEFAULT '',
    sub_id        TEXT    NOT NULL DEFAULT '',
    campaign      TEXT    NOT NULL DEFAULT '',
    currency      TEXT    NOT NULL DEFAULT '',
    account       TEXT    NOT NULL DEFAULT '',
    server        TEXT    NOT NULL DEFAULT '',
    about         TEXT    NOT NULL DEFAULT '',
    person        TEXT    NOT NULL DEFAULT '',
    registered_at INTEGER NOT NULL DEFAULT 0,
    deposited_at  INTEGER NOT NULL DEFAULT 0,
    other_at      INTEGER NOT NULL DEFAULT 0,
    deposited     INTEGER NOT NULL DEFAULT 0,
    is_fake       INTEGER NOT NULL DEFAULT 0,
    is_deposit    INTEGER NOT NULL DEFAULT 0,
    amount        TEXT    NOT NULL DEFAULT '',
    amount_whole  INTEGER NOT NULL DEFAULT 0,
    amount_part   INTEGER NOT NULL DEFAULT 0,
    second        TEXT    NOT NULL DEFAULT '',
    second_whole  INTEGER NOT NULL DEFAULT 0,
    second_part   INTEGER NOT NULL DEFAULT 0,
    -- Keyed hashes, to be found by; and sealed JSON: name, e-mail, phone number.
    email_hash    BLOB,
    phone_hash    BLOB,
    personal      BLOB,
    -- When it was last seen in the CRM: what a whole reading has not seen is gone.
    seen_at       INTEGER NOT NULL,
    PRIMARY KEY (affiliate, kind, id)
) STRICT;
-- One for whatever a table is sorted by: a page is read from where the one before it ended.
CREATE INDEX records_at ON records (affiliate, kind, at, id, deposited);
CREATE INDEX records_registered ON records (affiliate, kind, registered_at, at, id) WHERE kind = 'person';
CREATE INDEX records_deposited ON records (affiliate, kind, deposited_at, at, id) WHERE kind = 'person';
CREATE INDEX records_status ON records (affiliate, kind, status, at, id);
CREATE INDEX records_type ON records (affiliate, kind, type, at, id) WHERE kind <> 'person';
CREATE INDEX records_country ON records (affiliate, kind, country, at, id) WHERE kind = 'person';
CREATE INDEX records_source ON records (affiliate, kind, source, at, id) WHERE kind = 'person';
CREATE INDEX records_sub_id ON records (affiliate, kind, sub_id, at, id) WHERE kind = 'person';
CREATE INDEX records_campaign ON records (affiliate, kind, campaign, at, id) WHERE kind = 'person';
CREATE INDEX records_amount ON records (affiliate, kind, amount_whole, amount_part, at, id);
CREATE INDEX records_second ON records (affiliate, kind, second_whole, second_part, at, id) WHERE kind <> 'person';
CREATE INDEX records_other ON records (affiliate, kind, other_at, at, id) WHERE kind <> 'person';
CREATE INDEX records_person ON records (affiliate, kind, person, at, id) WHERE kind <> 'person';
CREATE INDEX records_account ON records (affiliate, kind, account, at, id) WHERE kind <> 'person';
CREATE INDEX records_email ON records (affiliate, email_hash) WHERE email_hash IS NOT NULL;
CREATE INDEX records_phone ON records (affiliate, phone_hash) WHERE phone_hash IS NOT NULL;

-- The trading accounts of an affiliate's people, by which transactions and positions are told to be theirs.
CREATE TABLE accounts (
    affiliate TEXT    NOT NULL,
    login     TEXT    NOT NULL,
    server    TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    seen_at   INTEGER NOT NULL,
    PRIMARY KEY (affiliate, login, server)
) STRICT;
CREATE INDEX accounts_person ON accounts (affiliate, person);
