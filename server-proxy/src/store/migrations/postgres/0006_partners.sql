-- What an affiliate's dashboard is made of; what the columns mean stands in SQLite's migration. Texts sort by their bytes, as there.
CREATE TABLE affiliates (
    id         TEXT    NOT NULL PRIMARY KEY,
    connection TEXT    NOT NULL,
    crm_id     TEXT    NOT NULL,
    buckets    TEXT    NOT NULL,
    portals    TEXT    NOT NULL,
    scopes     TEXT    NOT NULL,
    credential BYTEA,
    enabled    BIGINT NOT NULL CHECK (enabled IN (0, 1)),
    changed_at BIGINT NOT NULL
);

CREATE TABLE embed_tokens (
    hash       BYTEA    NOT NULL PRIMARY KEY,
    affiliate  TEXT    NOT NULL,
    portal     TEXT    NOT NULL,
    scopes     TEXT    NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX embed_tokens_affiliate ON embed_tokens (portal, affiliate);
CREATE INDEX embed_tokens_expiry ON embed_tokens (expires_at);

CREATE TABLE exports (
    hash       BYTEA    NOT NULL PRIMARY KEY,
    content    TEXT    NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE mirrors (
    affiliate   TEXT    NOT NULL PRIMARY KEY,
    as_of       BIGINT NOT NULL DEFAULT 0,
    whole_as_of BIGINT NOT NULL DEFAULT 0,
    failed_at   BIGINT NOT NULL DEFAULT 0,
    owner       TEXT    NOT NULL DEFAULT '',
    held_until  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE records (
    affiliate     TEXT COLLATE "C" NOT NULL,
    kind          TEXT COLLATE "C" NOT NULL,
    id            TEXT COLLATE "C" NOT NULL,
    at            BIGINT NOT NULL,
    stage         TEXT COLLATE "C" NOT NULL DEFAULT '',
    status        TEXT COLLATE "C" NOT NULL DEFAULT '',
    type          TEXT COLLATE "C" NOT NULL DEFAULT '',
    country       TEXT COLLATE "C" NOT NULL DEFAULT '',
    source        TEXT COLLATE "C" NOT NULL DEFAULT '',
    sub_id        TEXT COLLATE "C" NOT NULL DEFAULT '',
    campaign      TEXT COLLATE "C" NOT NULL DEFAULT '',
    currency      TEXT COLLATE "C" NOT NULL DEFAULT '',
    account       TEXT COLLATE "C" NOT NULL DEFAULT '',
    server        TEXT COLLATE "C" NOT NULL DEFAULT '',
    about         TEXT COLLATE "C" NOT NULL DEFAULT '',
    person        TEXT COLLATE "C" NOT NULL DEFAULT '',
    registered_at BIGINT NOT NULL DEFAULT 0,
    deposited_at  BIGINT NOT NULL DEFAULT 0,
    other_at      BIGINT NOT NULL DEFAULT 0,
    deposited     BIGINT NOT NULL DEFAULT 0,
    is_fake       BIGINT NOT NULL DEFAULT 0,
    is_deposit    BIGINT NOT NULL DEFAULT 0,
    amount        TEXT COLLATE "C" NOT NULL DEFAULT '',
    amount_whole  BIGINT NOT NULL DEFAULT 0,
    amount_part   BIGINT NOT NULL DEFAULT 0,
    second        TEXT COLLATE "C" NOT NULL DEFAULT '',
    second_whole  BIGINT NOT NULL DEFAULT 0,
    second_part   BIGINT NOT NULL DEFAULT 0,
    email_hash    BYTEA,
    phone_hash    BYTEA,
    personal      BYTEA,
    seen_at       BIGINT NOT NULL,
    PRIMARY KEY (affiliate, kind, id)
);
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

CREATE TABLE accounts (
    affiliate TEXT    NOT NULL,
    login     TEXT    NOT NULL,
    server    TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    seen_at   BIGINT NOT NULL,
    PRIMARY KEY (affiliate, login, server)
);
CREATE INDEX accounts_person ON accounts (affiliate, person);
