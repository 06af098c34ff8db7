-- Tenants by name, realms that can be edited, the realm that a session acts in where it is not its own; and what a policy asks about everybody.

CREATE TABLE tenants (
    id BIGINT PRIMARY KEY,
    display_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
INSERT INTO tenants (id, display_name, version, created_at, updated_at)
    SELECT tenant_id, min(display_name), 1, min(created_at), min(created_at) FROM realms GROUP BY tenant_id;

ALTER TABLE realms ADD COLUMN classification TEXT NOT NULL DEFAULT '';
ALTER TABLE realms ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX realms_tenant ON realms (tenant_id, id);

ALTER TABLE sessions ADD COLUMN acting_realm_id BIGINT REFERENCES realms (id);
CREATE INDEX sessions_acting ON sessions (acting_realm_id) WHERE acting_realm_id IS NOT NULL;

-- What the impact of a policy asks about everybody: who is suspended, and what passkeys there are.
CREATE INDEX identities_suspended ON identities (realm_id, id) WHERE status = 'suspended';
CREATE INDEX passkeys_presented ON passkeys (realm_id, identity_id, aaguid, backup_eligible) WHERE state = 'ACTIVE';
