//! Published policies, the highest number of a realm in force, and the draft of the next.

use domain::policy::{Draft, Policy, Version};
use domain::{RealmId, Timestamp};

use crate::dialect::{self, Lock};
use crate::{Error, Result, Tx};

#[derive(sqlx::FromRow)]
struct VersionRow {
    number: i64,
    rules: String,
    published_at: i64,
    published_by: String,
}

impl TryFrom<VersionRow> for Version {
    type Error = Error;

    fn try_from(row: VersionRow) -> Result<Self> {
        Ok(Self {
            number: row.number,
            rules: read(&row.rules)?.rules,
            published_at: Timestamp::from_micros(row.published_at),
            published_by: row.published_by,
        })
    }
}

fn read(rules: &str) -> Result<Policy> {
    serde_json::from_str(rules).map_err(|_| Error::Corrupt("policy"))
}

fn written(policy: &Policy) -> Result<String> {
    serde_json::to_string(policy).map_err(|_| Error::Corrupt("policy"))
}

impl Tx {
    /// The policy in force; without one, everyone is denied.
    pub async fn policy(&mut self, realm: RealmId) -> Result<Policy> {
        let sql = "SELECT rules FROM policies WHERE realm_id = $1 ORDER BY number DESC LIMIT 1";
        let row = fetch_optional!(self, (String,), sql, realm.get());
        row.map_or(Ok(Policy::default()), |(rules,)| read(&rules))
    }

    /// Published versions, the newest first, older than `before`.
    pub async fn policy_versions(&mut self, realm: RealmId, before: Option<i64>, limit: u32) -> Result<Vec<Version>> {
        let sql = "SELECT number, rules, published_at, published_by FROM policies WHERE realm_id = $1 AND number < $2 \
            ORDER BY number DESC LIMIT $3";
        let before = before.unwrap_or(i64::MAX);
        fetch_all!(self, VersionRow, sql, realm.get(), before, i64::from(limit)).into_iter().map(Version::try_from).collect()
    }

    pub async fn policy_version(&mut self, realm: RealmId, number: i64) -> Result<Option<Version>> {
        let sql = "SELECT number, rules, published_at, published_by FROM policies WHERE realm_id = $1 AND number = $2";
        fetch_optional!(self, VersionRow, sql, realm.get(), number).map(Version::try_from).transpose()
    }

    /// Puts a new version in force and answers its number.
    pub async fn publish_policy(&mut self, id: i64, realm: RealmId, policy: &Policy, by: &str, now: Timestamp) -> Result<i64> {
        let rules = written(policy)?;
        let sql = "INSERT INTO policies (id, realm_id, number, rules, published_at, published_by) \
            VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM policies WHERE realm_id = $2), $3, $4, $5) RETURNING number";
        dialect::lock(self, Lock::Realm(realm)).await?;
        Ok(fetch_one!(self, (i64,), sql, id, realm.get(), rules.as_str(), now.micros(), by).0)
    }

    pub async fn policy_draft(&mut self, realm: RealmId) -> Result<Option<Draft>> {
        let sql = "SELECT rules, version, updated_at, updated_by FROM policy_drafts WHERE realm_id = $1";
        let row = fetch_optional!(self, (String, i64, i64, String), sql, realm.get());
        row.map(|(rules, version, updated_at, updated_by)| {
            Ok(Draft { rules: read(&rules)?.rules, version, updated_at: Timestamp::from_micros(updated_at), updated_by })
        })
        .transpose()
    }

    /// Keeps the rules as the realm's draft, in place of the version that they started from, 0 for none. `false` where
    /// it is another one by now.
    pub async fn save_policy_draft(&mut self, realm: RealmId, version: i64, policy: &Policy, by: &str, now: Timestamp) -> Result<bool> {
        let rules = written(policy)?;
        let sql = if version == 0 {
            "INSERT INTO policy_drafts (realm_id, rules, version, updated_at, updated_by) VALUES ($1, $2, $3 + 1, $4, $5) ON CONFLICT DO NOTHING"
        } else {
            "UPDATE policy_drafts SET rules = $2, version = $3 + 1, updated_at = $4, updated_by = $5 WHERE realm_id = $1 AND version = $3"
        };
        Ok(execute!(self, sql, realm.get(), rules.as_str(), version, now.micros(), by) == 1)
    }

    /// Ends the draft; `false` where it is another one by now.
    pub async fn discard_policy_draft(&mut self, realm: RealmId, version: i64) -> Result<bool> {
        Ok(execute!(self, "DELETE FROM policy_drafts WHERE realm_id = $1 AND version = $2", realm.get(), version) == 1)
    }
}
