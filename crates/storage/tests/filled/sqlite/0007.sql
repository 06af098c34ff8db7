INSERT INTO brandings (realm_id, branding, published_at, published_by) VALUES (1, '{"organization":"Realm","support":"","mail":{"subject":"s","body":"{{ link }}","sign_off":""}}', 1, 'admin');
INSERT INTO branding_drafts (realm_id, branding, version, updated_at, updated_by) VALUES (1, '{"organization":"Realm","support":"","mail":{"subject":"s","body":"{{ link }}","sign_off":""}}', 1, 1, 'admin');
