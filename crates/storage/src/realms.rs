//! Realms: isolated directories.

use domain::{RealmId, Timestamp};

use crate::{Result, Tx};

impl Tx {
    /// The oldest realm: the one a new installation has.
    pub async fn first_realm(&mut self) -> Result<Option<RealmId>> {
        let row = fetch_optional!(self, (i64,), "SELECT id FROM realms ORDER BY id LIMIT 1");
        Ok(row.map(|(id,)| RealmId::from_i64(id)))
    }

    pub async fn insert_realm(&mut self, id: RealmId, tenant: i64, name: &str, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO realms (id, tenant_id, display_name, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)";
        execute!(self, sql, id.get(), tenant, name, now.micros());
        Ok(())
    }

    pub async fn realm_name(&mut self, id: RealmId) -> Result<Option<String>> {
        let row = fetch_optional!(self, (String,), "SELECT display_name FROM realms WHERE id = $1", id.get());
        Ok(row.map(|(name,)| name))
    }
}
