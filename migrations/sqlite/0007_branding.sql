-- In whose name people are written to and received: what is published, and the draft of the next.

CREATE TABLE brandings (
    realm_id INTEGER PRIMARY KEY REFERENCES realms (id),
    branding TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    published_by TEXT NOT NULL
) STRICT;

CREATE TABLE branding_drafts (
    realm_id INTEGER PRIMARY KEY REFERENCES realms (id),
    branding TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;
