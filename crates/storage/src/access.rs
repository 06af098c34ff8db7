//! What the policy asks about people: their groups and their passkeys, many people at a time.

use std::collections::HashMap;

use domain::identity::Status;
use domain::policy::{PasskeyKind, Presented};
use domain::{GroupId, IdentityId, PasskeyId, RealmId, aaguid};

use crate::dialect;
use crate::{Error, Result, Tx};

/// A person as the policy sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub id: IdentityId,
    pub display_name: String,
    pub username: String,
    pub status: Status,
    pub groups: Vec<GroupId>,
    /// The active ones.
    pub passkeys: Vec<Presented>,
}

#[derive(sqlx::FromRow)]
struct PasskeyRow {
    identity_id: i64,
    name: String,
    aaguid: Vec<u8>,
    backup_eligible: bool,
}

impl PasskeyRow {
    fn presented(&self) -> Presented {
        presented(&self.aaguid, self.backup_eligible)
    }
}

/// What the policy asks about a passkey.
pub(crate) fn presented(aaguid: &[u8], backup_eligible: bool) -> Presented {
    let authenticator = aaguid.try_into().ok().and_then(aaguid::authenticator_name).map(str::to_owned);
    Presented { kind: PasskeyKind::of(backup_eligible), authenticator }
}

impl Tx {
    /// The groups that an identity is in.
    pub async fn group_ids_of(&mut self, identity: IdentityId) -> Result<Vec<GroupId>> {
        let sql = "SELECT group_id FROM group_members WHERE identity_id = $1 ORDER BY group_id";
        Ok(fetch_all!(self, (i64,), sql, identity.get()).into_iter().map(|(id,)| GroupId::from_i64(id)).collect())
    }

    /// An active passkey as the policy sees it.
    pub async fn presented_passkey(&mut self, id: PasskeyId) -> Result<Option<Presented>> {
        let sql = "SELECT identity_id, name, aaguid, backup_eligible FROM passkeys WHERE id = $1 AND state = 'ACTIVE'";
        Ok(fetch_optional!(self, PasskeyRow, sql, id.get()).map(|row| row.presented()))
    }

    /// An identity's active passkeys by name, the newest first.
    pub async fn presented_passkeys(&mut self, identity: IdentityId) -> Result<Vec<(String, Presented)>> {
        let sql =
            "SELECT identity_id, name, aaguid, backup_eligible FROM passkeys WHERE identity_id = $1 AND state = 'ACTIVE' ORDER BY id DESC";
        let rows = fetch_all!(self, PasskeyRow, sql, identity.get());
        Ok(rows.into_iter().map(|row| (row.name.clone(), row.presented())).collect())
    }

    /// The products that the realm's active passkeys are kept in, by name.
    pub async fn authenticators(&mut self, realm: RealmId) -> Result<Vec<String>> {
        let rows =
            fetch_all!(self, (Vec<u8>,), "SELECT DISTINCT aaguid FROM passkeys WHERE realm_id = $1 AND state = 'ACTIVE'", realm.get());
        let mut names: Vec<_> = rows.iter().filter_map(|(aaguid,)| presented(aaguid, false).authenticator).collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// Ids of those who are in at least one of the groups, in their order, greater than `after`.
    pub async fn members_of_any(&mut self, groups: &[GroupId], after: Option<IdentityId>, limit: u32) -> Result<Vec<IdentityId>> {
        let sql = dialect::among(
            self,
            "SELECT DISTINCT identity_id FROM group_members WHERE group_id IN (SELECT id FROM among) AND identity_id > $2 ORDER BY identity_id LIMIT $3",
        );
        let groups = dialect::ids(groups.iter().map(|group| group.get()));
        let after = after.map_or(0, IdentityId::get);
        let rows = fetch_all!(self, (i64,), sqlx::AssertSqlSafe(sql.as_str()), groups.as_str(), after, i64::from(limit));
        Ok(rows.into_iter().map(|(id,)| IdentityId::from_i64(id)).collect())
    }

    /// These people, in the order of their ids; those of another realm and those who do not exist are left out.
    pub async fn subjects(&mut self, realm: RealmId, ids: &[IdentityId]) -> Result<Vec<Subject>> {
        let ids = dialect::ids(ids.iter().map(|id| id.get()));
        let people = dialect::among(
            self,
            "SELECT id, display_name, username, status FROM identities WHERE id IN (SELECT id FROM among) AND realm_id = $2 ORDER BY id",
        );
        let people = fetch_all!(self, (i64, String, String, String), sqlx::AssertSqlSafe(people.as_str()), ids.as_str(), realm.get());
        let memberships = dialect::among(
            self,
            "SELECT identity_id, group_id FROM group_members WHERE identity_id IN (SELECT id FROM among) ORDER BY group_id",
        );
        let mut groups: HashMap<i64, Vec<GroupId>> = HashMap::new();
        for (identity, group) in fetch_all!(self, (i64, i64), sqlx::AssertSqlSafe(memberships.as_str()), ids.as_str()) {
            groups.entry(identity).or_default().push(GroupId::from_i64(group));
        }
        let held = dialect::among(
            self,
            "SELECT identity_id, name, aaguid, backup_eligible FROM passkeys WHERE identity_id IN (SELECT id FROM among) AND state = 'ACTIVE' ORDER BY id",
        );
        let mut passkeys: HashMap<i64, Vec<Presented>> = HashMap::new();
        for row in fetch_all!(self, PasskeyRow, sqlx::AssertSqlSafe(held.as_str()), ids.as_str()) {
            passkeys.entry(row.identity_id).or_default().push(row.presented());
        }
        people
            .into_iter()
            .map(|(id, display_name, username, status)| {
                Ok(Subject {
                    id: IdentityId::from_i64(id),
                    display_name,
                    username,
                    status: Status::read(&status).ok_or(Error::Corrupt("status"))?,
                    groups: groups.remove(&id).unwrap_or_default(),
                    passkeys: passkeys.remove(&id).unwrap_or_default(),
                })
            })
            .collect()
    }

    /// The names of these groups of the realm.
    pub async fn group_names(&mut self, realm: RealmId, ids: &[GroupId]) -> Result<Vec<(GroupId, String)>> {
        let sql =
            dialect::among(self, "SELECT id, display_name FROM groups WHERE id IN (SELECT id FROM among) AND realm_id = $2 ORDER BY id");
        let ids = dialect::ids(ids.iter().map(|id| id.get()));
        let rows = fetch_all!(self, (i64, String), sqlx::AssertSqlSafe(sql.as_str()), ids.as_str(), realm.get());
        Ok(rows.into_iter().map(|(id, name)| (GroupId::from_i64(id), name)).collect())
    }
}
