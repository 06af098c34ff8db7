-- Mails that wait to be sent, and what became of those that did. A mail is its binding job's: the link's secret is made
-- when the mail is built, and nothing here holds it.

CREATE TABLE outbox (
    job_id INTEGER PRIMARY KEY REFERENCES binding_jobs (id),
    realm_id INTEGER NOT NULL REFERENCES realms (id),
    recipient TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('QUEUED', 'SENDING', 'HANDED_OVER', 'SENT', 'UNCERTAIN', 'FAILED', 'DROPPED')),
    -- Counts the tries; whoever is at the last one may say how it went.
    attempts INTEGER NOT NULL,
    -- When a waiting mail is tried, or when whoever is at it counts as gone.
    due_at INTEGER NOT NULL,
    words TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at, job_id) WHERE state IN ('QUEUED', 'SENDING', 'HANDED_OVER');
CREATE INDEX outbox_realm ON outbox (realm_id, state, job_id);
