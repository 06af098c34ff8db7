INSERT INTO api_clients (realm_id, secret_hash, scopes, created_by, created_at) VALUES (1, '\x01', 'identities:read', 'Ana', 10);
INSERT INTO api_tokens (id, realm_id, token_hash, name, scopes, everywhere, addresses, created_by, of_client, created_at, expires_at)
    VALUES (20, 1, '\x02', 'Payroll', 'identities:read', FALSE, '', 'Ana', FALSE, 10, 20);
INSERT INTO idempotency_keys (key_hash, request_hash, state, attempt, expires_at) VALUES ('\x03', '\x04', 'running', 1, 20);
INSERT INTO batches (id, realm_id, delivery_method, actor_kind, actor_name, permissions, created_at, updated_at)
    VALUES (21, 1, 'EMAIL', 'operator', 'Command line', 'identities:read', 10, 10);
INSERT INTO batch_items (batch_id, position, identity_id, state, words) VALUES (21, 1, 2, 'PENDING', '');
