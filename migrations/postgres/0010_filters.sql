-- What programs filter lists by. Names and addresses are compared folded. SQL cannot fold them: the program does, in the
-- statement that writes them, and for what an earlier version wrote after it has migrated. Until then they are absent.
ALTER TABLE identities ADD COLUMN name_key TEXT COLLATE "C";
ALTER TABLE identities ADD COLUMN email_key TEXT COLLATE "C";
ALTER TABLE identities ALTER COLUMN external_id TYPE TEXT COLLATE "C";
CREATE INDEX identities_name_key ON identities (realm_id, name_key);
CREATE INDEX identities_email_key ON identities (realm_id, email_key) WHERE email_key IS NOT NULL;
CREATE INDEX identities_external_id ON identities (realm_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX identities_status ON identities (realm_id, status, id);
CREATE INDEX identities_enrollment_status ON identities (realm_id, enrollment_status, id);
-- Empty as soon as all is folded.
CREATE INDEX identities_unfolded ON identities (id) WHERE name_key IS NULL;

CREATE INDEX groups_created ON groups (realm_id, id);
CREATE INDEX binding_jobs_state ON binding_jobs (realm_id, state, id);
CREATE INDEX binding_jobs_delivery ON binding_jobs (realm_id, delivery_method, id);
CREATE INDEX passkeys_realm ON passkeys (realm_id, id);
