INSERT INTO identities (id, realm_id, display_name, username, username_key, email, external_id, traits, status, enrollment_status, source,
    passkey_count, group_count, sort_name, search_text, version, created_at, updated_at, name_key, email_key)
    VALUES (12, 1, 'Ana', 'Ana', 'ana', 'Ana@example.org', 'A-1', '{}', 'active', 'UNENROLLED', 'api', 0, 0, 'ana', 'ana', 1, 10, 10, 'ana', 'ana@example.org');
