//! Published policies; the highest number of a realm is in force.

use domain::policy::Policy;
use domain::{RealmId, Timestamp};

use crate::dialect::{self, Lock};
use crate::{Error, Result, Tx};

impl Tx {
    /// The policy in force; without one, everyone is denied.
    pub async fn policy(&mut self, realm: RealmId) -> Result<Policy> {
        let sql = "SELECT rules FROM policies WHERE realm_id = $1 ORDER BY number DESC LIMIT 1";
        let row = fetch_optional!(self, (String,), sql, realm.get());
        row.map_or(Ok(Policy::default()), |(rules,)| serde_json::from_str(&rules).map_err(|_| Error::Corrupt("policy")))
    }

    /// Puts a new version in force.
    pub async fn publish_policy(&mut self, id: i64, realm: RealmId, policy: &Policy, now: Timestamp) -> Result<()> {
        let rules = serde_json::to_string(policy).map_err(|_| Error::Corrupt("policy"))?;
        let sql = "INSERT INTO policies (id, realm_id, number, rules, published_at) \
            VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM policies WHERE realm_id = $2), $3, $4)";
        dialect::lock(self, Lock::Realm(realm)).await?;
        execute!(self, sql, id, realm.get(), rules.as_str(), now.micros());
        Ok(())
    }
}
