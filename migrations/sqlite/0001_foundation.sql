-- The directory, passkeys, binding jobs, sessions, policy and the audit log.
-- Ids are 63-bit and ordered by time; times are microseconds since the epoch; tokens are kept as SHA-256.

CREATE TABLE realms (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE identities (
    id INTEGER PRIMARY KEY,
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    display_name TEXT NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL,
    email TEXT,
    external_id TEXT,
    traits TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    enrollment_status TEXT NOT NULL CHECK (enrollment_status IN ('ENROLLED', 'PENDING', 'INVITE_FAILED', 'UNENROLLED')),
    source TEXT NOT NULL CHECK (source IN ('manual', 'csv', 'scim', 'api', 'command_line')),
    passkey_count INTEGER NOT NULL,
    group_count INTEGER NOT NULL,
    sort_name TEXT NOT NULL,
    search_text TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX identities_username ON identities (realm_id, username_key);
CREATE INDEX identities_name ON identities (realm_id, sort_name, id);
CREATE INDEX identities_created ON identities (realm_id, id);
CREATE INDEX identities_updated ON identities (realm_id, updated_at, id);
CREATE INDEX identities_enrollment ON identities (realm_id, enrollment_status, sort_name, id);

-- A term for every run of one to three characters in a word of the folded name, username and e-mail, behind the id of
-- its realm: searches of any length are answered from postings, newest first, without touching the table.
CREATE VIRTUAL TABLE identity_search USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

CREATE TABLE groups (
    id INTEGER PRIMARY KEY,
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    display_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    member_count INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX groups_name ON groups (realm_id, name_key);

CREATE TABLE group_members (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    identity_id INTEGER NOT NULL REFERENCES identities (id),
    added_at INTEGER NOT NULL,
    PRIMARY KEY (group_id, identity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_identity ON group_members (identity_id, group_id);

CREATE TABLE passkeys (
    id INTEGER PRIMARY KEY,
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    identity_id INTEGER NOT NULL REFERENCES identities (id),
    credential_id BLOB NOT NULL,
    credential TEXT NOT NULL,
    aaguid BLOB NOT NULL,
    name TEXT NOT NULL,
    backup_eligible INTEGER NOT NULL CHECK (backup_eligible IN (0, 1)),
    backup_state INTEGER NOT NULL CHECK (backup_state IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'REVOKED')),
    revoke_reason TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id);
CREATE INDEX passkeys_identity ON passkeys (identity_id, id);

CREATE TABLE binding_jobs (
    id INTEGER PRIMARY KEY,
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    identity_id INTEGER NOT NULL REFERENCES identities (id),
    token_hash BLOB NOT NULL,
    delivery_method TEXT NOT NULL CHECK (delivery_method IN ('EMAIL', 'RETURN')),
    state TEXT NOT NULL CHECK (state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED', 'COMPLETE', 'EXPIRED', 'FAILED_TO_SEND', 'REVOKED')),
    passkey_id INTEGER REFERENCES passkeys (id),
    link_requested_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    CHECK ((state = 'COMPLETE') = (passkey_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX binding_jobs_token ON binding_jobs (token_hash);
CREATE INDEX binding_jobs_realm ON binding_jobs (realm_id, id);
CREATE INDEX binding_jobs_identity ON binding_jobs (identity_id, id);
CREATE INDEX binding_jobs_open ON binding_jobs (expires_at) WHERE state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED');
-- Deleting a passkey asks whether a job refers to it.
CREATE INDEX binding_jobs_passkey ON binding_jobs (passkey_id) WHERE passkey_id IS NOT NULL;

CREATE TABLE binding_job_steps (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES binding_jobs (id),
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    device TEXT NOT NULL
) STRICT;
CREATE INDEX binding_job_steps_job ON binding_job_steps (job_id, id);

CREATE TABLE ceremonies (
    id_hash BLOB PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('enrollment', 'sign_in')),
    job_id INTEGER REFERENCES binding_jobs (id),
    state TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ceremonies_expiry ON ceremonies (expires_at);
CREATE INDEX ceremonies_job ON ceremonies (job_id);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    token_hash BLOB NOT NULL,
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    identity_id INTEGER NOT NULL REFERENCES identities (id),
    passkey_id INTEGER NOT NULL REFERENCES passkeys (id),
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_identity ON sessions (identity_id);
CREATE INDEX sessions_passkey ON sessions (passkey_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE policies (
    id INTEGER PRIMARY KEY,
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    number INTEGER NOT NULL,
    rules TEXT NOT NULL,
    published_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX policies_number ON policies (realm_id, number);

-- No foreign keys: the log outlives what it speaks of.
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    realm_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('success', 'denied')),
    actor_kind TEXT NOT NULL,
    actor_id INTEGER,
    actor_name TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id INTEGER,
    target_name TEXT NOT NULL,
    identity_id INTEGER,
    detail TEXT NOT NULL,
    address TEXT NOT NULL,
    request_id TEXT NOT NULL
) STRICT;
CREATE INDEX events_realm ON events (realm_id, id);
CREATE INDEX events_identity ON events (identity_id, id) WHERE identity_id IS NOT NULL;
CREATE TRIGGER events_are_not_altered BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'events are immutable');
END;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'events are immutable');
END;
-- REPLACE deletes without asking the trigger for deletions.
CREATE TRIGGER events_are_not_replaced BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'events are immutable');
END;
