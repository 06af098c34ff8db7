-- The directory, passkeys, binding jobs, sessions, policy and the audit log.
-- Ids are 63-bit and ordered by time; times are microseconds since the epoch; tokens are kept as SHA-256.

CREATE TABLE realms (
    id BIGINT PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    display_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE identities (
    id BIGINT PRIMARY KEY,
    realm_id BIGINT NOT NULL REFERENCES realms (id),
    display_name TEXT NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT COLLATE "C" NOT NULL,
    email TEXT,
    external_id TEXT,
    traits TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    enrollment_status TEXT NOT NULL CHECK (enrollment_status IN ('ENROLLED', 'PENDING', 'INVITE_FAILED', 'UNENROLLED')),
    source TEXT NOT NULL CHECK (source IN ('manual', 'csv', 'scim', 'api', 'command_line')),
    passkey_count BIGINT NOT NULL,
    group_count BIGINT NOT NULL,
    sort_name TEXT COLLATE "C" NOT NULL,
    search_text TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identities_username ON identities (realm_id, username_key);
CREATE INDEX identities_name ON identities (realm_id, sort_name, id);
CREATE INDEX identities_created ON identities (realm_id, id);
CREATE INDEX identities_updated ON identities (realm_id, updated_at, id);
CREATE INDEX identities_enrollment ON identities (realm_id, enrollment_status, sort_name, id);

-- A term for every run of one to three characters in a word of the folded name, username and e-mail: a search of any
-- length is an intersection of postings. Behind them terms for when the identity was made, so that the newest matches
-- can be asked for alone. Apart from the identities, so that listing them reads narrow rows.
CREATE TABLE identity_search (
    identity_id BIGINT PRIMARY KEY REFERENCES identities (id) ON DELETE CASCADE,
    terms TEXT[] NOT NULL
);
CREATE INDEX identity_search_terms ON identity_search USING gin (terms) WITH (fastupdate = off);

CREATE TABLE groups (
    id BIGINT PRIMARY KEY,
    realm_id BIGINT NOT NULL REFERENCES realms (id),
    display_name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    member_count BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX groups_name ON groups (realm_id, name_key);

CREATE TABLE group_members (
    group_id BIGINT NOT NULL REFERENCES groups (id),
    identity_id BIGINT NOT NULL REFERENCES identities (id),
    added_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, identity_id)
);
CREATE INDEX group_members_identity ON group_members (identity_id, group_id);

CREATE TABLE passkeys (
    id BIGINT PRIMARY KEY,
    realm_id BIGINT NOT NULL REFERENCES realms (id),
    identity_id BIGINT NOT NULL REFERENCES identities (id),
    credential_id BYTEA NOT NULL,
    credential TEXT NOT NULL,
    aaguid BYTEA NOT NULL,
    name TEXT NOT NULL,
    backup_eligible BOOLEAN NOT NULL,
    backup_state BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'REVOKED')),
    revoke_reason TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id);
CREATE INDEX passkeys_identity ON passkeys (identity_id, id);

CREATE TABLE binding_jobs (
    id BIGINT PRIMARY KEY,
    realm_id BIGINT NOT NULL REFERENCES realms (id),
    identity_id BIGINT NOT NULL REFERENCES identities (id),
    token_hash BYTEA NOT NULL,
    delivery_method TEXT NOT NULL CHECK (delivery_method IN ('EMAIL', 'RETURN')),
    state TEXT NOT NULL CHECK (state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED', 'COMPLETE', 'EXPIRED', 'FAILED_TO_SEND', 'REVOKED')),
    passkey_id BIGINT REFERENCES passkeys (id),
    link_requested_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CHECK ((state = 'COMPLETE') = (passkey_id IS NOT NULL))
);
CREATE UNIQUE INDEX binding_jobs_token ON binding_jobs (token_hash);
CREATE INDEX binding_jobs_realm ON binding_jobs (realm_id, id);
CREATE INDEX binding_jobs_identity ON binding_jobs (identity_id, id);
CREATE INDEX binding_jobs_open ON binding_jobs (expires_at) WHERE state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED');
-- Deleting a passkey asks whether a job refers to it.
CREATE INDEX binding_jobs_passkey ON binding_jobs (passkey_id) WHERE passkey_id IS NOT NULL;

CREATE TABLE binding_job_steps (
    id BIGINT PRIMARY KEY,
    job_id BIGINT NOT NULL REFERENCES binding_jobs (id),
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    device TEXT NOT NULL
);
CREATE INDEX binding_job_steps_job ON binding_job_steps (job_id, id);

CREATE TABLE ceremonies (
    id_hash BYTEA PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('enrollment', 'sign_in')),
    job_id BIGINT REFERENCES binding_jobs (id),
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX ceremonies_expiry ON ceremonies (expires_at);
CREATE INDEX ceremonies_job ON ceremonies (job_id);

CREATE TABLE sessions (
    id BIGINT PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    realm_id BIGINT NOT NULL REFERENCES realms (id),
    identity_id BIGINT NOT NULL REFERENCES identities (id),
    passkey_id BIGINT NOT NULL REFERENCES passkeys (id),
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_identity ON sessions (identity_id);
CREATE INDEX sessions_passkey ON sessions (passkey_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE policies (
    id BIGINT PRIMARY KEY,
    realm_id BIGINT NOT NULL REFERENCES realms (id),
    number BIGINT NOT NULL,
    rules TEXT NOT NULL,
    published_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX policies_number ON policies (realm_id, number);

-- No foreign keys: the log outlives what it speaks of.
CREATE TABLE events (
    id BIGINT PRIMARY KEY,
    realm_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('success', 'denied')),
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id BIGINT,
    target_name TEXT NOT NULL,
    identity_id BIGINT,
    detail TEXT NOT NULL,
    address TEXT NOT NULL,
    request_id TEXT NOT NULL
);
CREATE INDEX events_realm ON events (realm_id, id);
CREATE INDEX events_identity ON events (identity_id, id) WHERE identity_id IS NOT NULL;
CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are immutable';
END
$$;
CREATE TRIGGER events_are_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();
