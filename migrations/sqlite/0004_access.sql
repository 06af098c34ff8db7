-- Who publishes which policy, its draft, the console's roles, the last touch of a session's passkey, and how often
-- something may be tried.

ALTER TABLE policies ADD COLUMN published_by TEXT NOT NULL DEFAULT 'Keyroll';

CREATE TABLE policy_drafts (
    realm_id INTEGER PRIMARY KEY REFERENCES realms (id),
    rules TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;

CREATE TABLE console_roles (
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    role TEXT NOT NULL CHECK (role IN ('full', 'helpdesk', 'auditor')),
    group_id INTEGER NOT NULL REFERENCES groups (id),
    PRIMARY KEY (realm_id, role, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX console_roles_group ON console_roles (group_id);
-- Until now whoever was let in could do everything.
INSERT INTO console_roles (realm_id, role, group_id) SELECT realm_id, 'full', id FROM groups WHERE name_key = 'administrators';

ALTER TABLE sessions ADD COLUMN verified_at INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET verified_at = created_at;

-- What is limited, hashed, and the moment until which it has used up what it may (the generic cell rate algorithm).
CREATE TABLE rate_limits (
    key BLOB PRIMARY KEY,
    used_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX rate_limits_end ON rate_limits (used_until);
