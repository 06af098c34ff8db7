-- Pictures of organizations, each named by the hash of what it shows; a small one of the same for mails.

CREATE TABLE logos (
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    id TEXT NOT NULL,
    media_type TEXT NOT NULL CHECK (media_type IN ('image/png', 'image/svg+xml')),
    image BLOB NOT NULL,
    mail_png BLOB NOT NULL,
    mail_width INTEGER NOT NULL,
    mail_height INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id, realm_id)
) STRICT;
CREATE INDEX logos_age ON logos (created_at);
