//! Tenants, and their realms: isolated directories.

use domain::realm::{Realm, RealmForm, Tenant};
use domain::{RealmId, TenantId, Timestamp};

use crate::dialect::{self, Lock};
use crate::{Result, Tx};

#[derive(sqlx::FromRow)]
struct RealmRow {
    id: i64,
    tenant_id: i64,
    display_name: String,
    classification: String,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<RealmRow> for Realm {
    fn from(row: RealmRow) -> Self {
        Self {
            id: RealmId::from_i64(row.id),
            tenant: TenantId::from_i64(row.tenant_id),
            display_name: row.display_name,
            classification: row.classification,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        }
    }
}

macro_rules! select_realms {
    ($rest:literal) => {
        concat!("SELECT id, tenant_id, display_name, classification, version, created_at, updated_at FROM realms ", $rest)
    };
}

impl Tx {
    /// The oldest realm: the one a new installation has, and the administrators are of.
    pub async fn first_realm(&mut self) -> Result<Option<RealmId>> {
        let row = fetch_optional!(self, (i64,), "SELECT id FROM realms ORDER BY id LIMIT 1");
        Ok(row.map(|(id,)| RealmId::from_i64(id)))
    }

    pub async fn insert_tenant(&mut self, id: TenantId, name: &str, now: Timestamp) -> Result<()> {
        let sql =
            "INSERT INTO tenants (id, display_name, version, created_at, updated_at) VALUES ($1, $2, 1, $3, $3) ON CONFLICT DO NOTHING";
        execute!(self, sql, id.get(), name, now.micros());
        Ok(())
    }

    pub async fn insert_realm(&mut self, id: RealmId, tenant: TenantId, name: &str, classification: &str, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO realms (id, tenant_id, display_name, classification, version, created_at, updated_at) \
            VALUES ($1, $2, $3, $4, 1, $5, $5)";
        execute!(self, sql, id.get(), tenant.get(), name, classification, now.micros());
        Ok(())
    }

    pub async fn realm_name(&mut self, id: RealmId) -> Result<Option<String>> {
        let row = fetch_optional!(self, (String,), "SELECT display_name FROM realms WHERE id = $1", id.get());
        Ok(row.map(|(name,)| name))
    }

    pub async fn realm_created_at(&mut self, id: RealmId) -> Result<Option<Timestamp>> {
        let row = fetch_optional!(self, (i64,), "SELECT created_at FROM realms WHERE id = $1", id.get());
        Ok(row.map(|(at,)| Timestamp::from_micros(at)))
    }

    /// Whose realm it is.
    pub async fn tenant_of(&mut self, realm: RealmId) -> Result<Option<TenantId>> {
        let row = fetch_optional!(self, (i64,), "SELECT tenant_id FROM realms WHERE id = $1", realm.get());
        Ok(row.map(|(id,)| TenantId::from_i64(id)))
    }

    pub async fn tenant(&mut self, id: TenantId) -> Result<Option<Tenant>> {
        let sql = "SELECT display_name, version, created_at, updated_at FROM tenants WHERE id = $1";
        let row = fetch_optional!(self, (String, i64, i64, i64), sql, id.get());
        Ok(row.map(|(display_name, version, created_at, updated_at)| Tenant {
            id,
            display_name,
            version,
            created_at: Timestamp::from_micros(created_at),
            updated_at: Timestamp::from_micros(updated_at),
        }))
    }

    /// Saves an edit that started from `version`; `false` where somebody else saved first.
    pub async fn update_tenant(&mut self, id: TenantId, version: i64, name: &str, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE tenants SET display_name = $3, version = version + 1, updated_at = $4 WHERE id = $1 AND version = $2";
        Ok(execute!(self, sql, id.get(), version, name, now.micros()) == 1)
    }

    /// A realm of another tenant reads as one that does not exist.
    pub async fn realm(&mut self, tenant: TenantId, id: RealmId) -> Result<Option<Realm>> {
        Ok(fetch_optional!(self, RealmRow, select_realms!("WHERE id = $1 AND tenant_id = $2"), id.get(), tenant.get()).map(Realm::from))
    }

    /// The tenant's realms, the oldest first, behind `after`; so many are passed over.
    pub async fn realms(&mut self, tenant: TenantId, after: Option<RealmId>, skip: u32, limit: u32) -> Result<Vec<Realm>> {
        let sql = select_realms!("WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3 OFFSET $4");
        let after = after.map_or(0, RealmId::get);
        let rows = fetch_all!(self, RealmRow, sql, tenant.get(), after, i64::from(limit), i64::from(skip));
        Ok(rows.into_iter().map(Realm::from).collect())
    }

    /// How many realms the tenant has.
    pub async fn realms_in_all(&mut self, tenant: TenantId) -> Result<u64> {
        let (count,) = fetch_one!(self, (i64,), "SELECT count(*) FROM realms WHERE tenant_id = $1", tenant.get());
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Saves an edit that started from `version`; `false` where somebody else saved first.
    pub async fn update_realm(&mut self, tenant: TenantId, id: RealmId, version: i64, form: &RealmForm, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE realms SET display_name = $4, classification = $5, version = version + 1, updated_at = $6 \
            WHERE id = $1 AND tenant_id = $2 AND version = $3";
        let (name, classification) = (form.display_name.as_str(), form.classification.as_str());
        Ok(execute!(self, sql, id.get(), tenant.get(), version, name, classification, now.micros()) == 1)
    }

    /// How many identities and groups a realm has, after everybody has finished who was putting something into it.
    pub async fn realm_content(&mut self, id: RealmId) -> Result<(u64, u64)> {
        dialect::lock(self, Lock::WholeRealm(id)).await?;
        let sql = "SELECT (SELECT count(*) FROM identities WHERE realm_id = $1), (SELECT count(*) FROM groups WHERE realm_id = $1)";
        let (identities, groups) = fetch_one!(self, (i64, i64), sql, id.get());
        Ok((u64::try_from(identities).unwrap_or(0), u64::try_from(groups).unwrap_or(0)))
    }

    /// Deletes a realm without content, with its policy and branding. Whoever acts in it is back in their own.
    pub async fn delete_realm(&mut self, tenant: TenantId, id: RealmId) -> Result<bool> {
        for sql in [
            "UPDATE sessions SET acting_realm_id = NULL WHERE acting_realm_id = $1",
            "DELETE FROM policy_drafts WHERE realm_id = $1",
            "DELETE FROM policies WHERE realm_id = $1",
            "DELETE FROM branding_drafts WHERE realm_id = $1",
            "DELETE FROM brandings WHERE realm_id = $1",
            "DELETE FROM logos WHERE realm_id = $1",
            "DELETE FROM api_tokens WHERE realm_id = $1",
            "DELETE FROM api_clients WHERE realm_id = $1",
            "DELETE FROM batch_items WHERE batch_id IN (SELECT id FROM batches WHERE realm_id = $1)",
            "DELETE FROM batches WHERE realm_id = $1",
        ] {
            execute!(self, sql, id.get());
        }
        Ok(execute!(self, "DELETE FROM realms WHERE id = $1 AND tenant_id = $2", id.get(), tenant.get()) == 1)
    }
}
