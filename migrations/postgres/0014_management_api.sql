-- What the management API needs: tokens and the application's secret, answers that a repeated request gets again, many
-- binding jobs at once, and what a binding job keeps for whoever asked for it.

CREATE TABLE api_clients (
    realm_id BIGINT PRIMARY KEY REFERENCES realms (id),
    secret_hash BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_tokens (
    id BIGINT PRIMARY KEY,
    realm_id BIGINT NOT NULL REFERENCES realms (id),
    token_hash BYTEA NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    -- Whether it is good for every realm of the tenant.
    everywhere BOOLEAN NOT NULL,
    addresses TEXT NOT NULL,
    created_by TEXT NOT NULL,
    -- Whether it was had for the realm's application's secret.
    of_client BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (token_hash);
CREATE INDEX api_tokens_realm ON api_tokens (realm_id, of_client, id);
CREATE INDEX api_tokens_expiry ON api_tokens (expires_at);

-- The answer is sealed with a key that is made of the token and the request's key: nobody but its sender can read it.
CREATE TABLE idempotency_keys (
    key_hash BYTEA PRIMARY KEY,
    request_hash BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'answered')),
    attempt BIGINT NOT NULL,
    answer BYTEA,
    expires_at BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE batches (
    id BIGINT PRIMARY KEY,
    realm_id BIGINT NOT NULL REFERENCES realms (id),
    delivery_method TEXT NOT NULL,
    redirect_uri TEXT,
    -- In whose name the jobs are made, and with which permissions.
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX batches_realm ON batches (realm_id, id);
CREATE INDEX batches_updated ON batches (updated_at);

CREATE TABLE batch_items (
    batch_id BIGINT NOT NULL REFERENCES batches (id),
    position BIGINT NOT NULL,
    identity_id BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'SUCCESS', 'FAILURE')),
    job_id BIGINT,
    words TEXT NOT NULL,
    PRIMARY KEY (batch_id, position)
);
CREATE INDEX batch_items_pending ON batch_items (batch_id, position) WHERE state = 'PENDING';

ALTER TABLE binding_jobs ADD COLUMN batch_id BIGINT;
ALTER TABLE binding_jobs ADD COLUMN redirect_uri TEXT;

-- When the realm was first given a branding of its own.
ALTER TABLE brandings ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
UPDATE brandings SET created_at = published_at;
