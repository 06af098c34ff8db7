-- What a database of version 1 holds: something in every table.
INSERT INTO realms VALUES (1, 1, 'Realm', 10, 10);
INSERT INTO identities VALUES
    (2, 1, 'Zoë', 'zoe', 'zoe', 'zoe@example.org', '42', '{"title":"Engineer"}', 'active', 'ENROLLED', 'manual', 1, 1, 'zoe', 'zoe', 1, 10, 10);
INSERT INTO identity_search VALUES (2, ARRAY['e', 'o', 'oe', 'z', 'zo', 'zoe']);
INSERT INTO groups VALUES (3, 1, 'Staff', 'staff', '', 1, 1, 10, 10);
INSERT INTO group_members VALUES (3, 2, 10);
INSERT INTO passkeys VALUES
    (4, 1, 2, '\x0102', '{}', '\x00000000000000000000000000000000', 'Phone', TRUE, FALSE, 'ACTIVE', NULL, 20, 20, NULL, NULL);
INSERT INTO binding_jobs VALUES
    (5, 1, 2, '\x05', 'RETURN', 'COMPLETE', 4, NULL, 10, 20, 90),
    (6, 1, 2, '\x06', 'EMAIL', 'LINK_OPENED', NULL, 30, 10, 30, 90);
INSERT INTO binding_job_steps VALUES (5, 5, 'LINK_SENT', 10, ''), (7, 5, 'COMPLETE', 20, 'Firefox on Linux'), (6, 6, 'LINK_SENT', 10, '');
INSERT INTO ceremonies (id_hash, kind, job_id, state, expires_at) VALUES
    ('\x0000000000000000000000000000000000000000000000000000000000000000', 'enrollment', 6, '{}', 90);
INSERT INTO sessions VALUES
    (8, '\x0000000000000000000000000000000000000000000000000000000000000000', 1, 2, 4, 'Firefox on Linux', '192.0.2.1', 20, 30, 90);
INSERT INTO policies VALUES (9, 1, 1, '{"rules":[{"application":"console","groups":["0000000000000003"],"decision":"allow"}]}', 10);
INSERT INTO events VALUES (10, 1, 10, 'identity.created', 'success', 'operator', NULL, 'Command line', 'identity', 2, 'Zoë', 2, '{}', '', 'request');
