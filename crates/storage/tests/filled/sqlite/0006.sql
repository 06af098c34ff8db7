INSERT INTO outbox (job_id, realm_id, recipient, state, attempts, due_at, words, created_at, updated_at)
    SELECT id, realm_id, 'zoe@example.org', 'SENT', 1, 1, '', 1, 1 FROM binding_jobs ORDER BY id LIMIT 1;
