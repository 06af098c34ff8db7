-- What the management API needs: tokens and the application's secret, answers that a repeated request gets again, many
-- binding jobs at once, and what a binding job keeps for whoever asked for it.

CREATE TABLE api_clients (
    realm_id INTEGER PRIMARY KEY REFERENCES realms (id),
    secret_hash BLOB NOT NULL,
    scopes TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_tokens (
    id INTEGER PRIMARY KEY,
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    token_hash BLOB NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    -- Whether it is good for every realm of the tenant.
    everywhere INTEGER NOT NULL CHECK (everywhere IN (0, 1)),
    addresses TEXT NOT NULL,
    created_by TEXT NOT NULL,
    -- Whether it was had for the realm's application's secret.
    of_client INTEGER NOT NULL CHECK (of_client IN (0, 1)),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (token_hash);
CREATE INDEX api_tokens_realm ON api_tokens (realm_id, of_client, id);
CREATE INDEX api_tokens_expiry ON api_tokens (expires_at);

-- The answer is sealed with a key that is made of the token and the request's key: nobody but its sender can read it.
CREATE TABLE idempotency_keys (
    key_hash BLOB PRIMARY KEY,
    request_hash BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'answered')),
    attempt INTEGER NOT NULL,
    answer BLOB,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    delivery_method TEXT NOT NULL,
    redirect_uri TEXT,
    -- In whose name the jobs are made, and with which permissions.
    actor_kind TEXT NOT NULL,
    actor_id INTEGER,
    actor_name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX batches_realm ON batches (realm_id, id);
CREATE INDEX batches_updated ON batches (updated_at);

CREATE TABLE batch_items (
    batch_id INTEGER NOT NULL REFERENCES batches (id),
    position INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'SUCCESS', 'FAILURE')),
    job_id INTEGER,
    words TEXT NOT NULL,
    PRIMARY KEY (batch_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_items_pending ON batch_items (batch_id, position) WHERE state = 'PENDING';

ALTER TABLE binding_jobs ADD COLUMN batch_id INTEGER;
ALTER TABLE binding_jobs ADD COLUMN redirect_uri TEXT;

-- When the realm was first given a branding of its own.
ALTER TABLE brandings ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
UPDATE brandings SET created_at = published_at;
