-- In whose name people are written to and received: what is published, and the draft of the next.

CREATE TABLE brandings (
    realm_id BIGINT PRIMARY KEY REFERENCES realms (id),
    branding TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL
);

CREATE TABLE branding_drafts (
    realm_id BIGINT PRIMARY KEY REFERENCES realms (id),
    branding TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
