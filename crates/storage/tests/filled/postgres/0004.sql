INSERT INTO policy_drafts (realm_id, rules, version, updated_at, updated_by) VALUES (1, '{"rules":[]}', 1, 1, 'Zoë');
INSERT INTO console_roles (realm_id, role, group_id) VALUES (1, 'auditor', 3);
INSERT INTO rate_limits (key, used_until) VALUES ('\x01', 1);
