-- Pictures of organizations, each named by the hash of what it shows; a small one of the same for mails.

CREATE TABLE logos (
    realm_id BIGINT NOT NULL REFERENCES realms (id),
    id TEXT NOT NULL,
    media_type TEXT NOT NULL CHECK (media_type IN ('image/png', 'image/svg+xml')),
    image BYTEA NOT NULL,
    mail_png BYTEA NOT NULL,
    mail_width BIGINT NOT NULL,
    mail_height BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id, realm_id)
);
CREATE INDEX logos_age ON logos (created_at);
