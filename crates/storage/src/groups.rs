//! Groups and their members.

use domain::group::GroupName;
use domain::record::Group;
use domain::{GroupId, IdentityId, RealmId, Timestamp};

use crate::dialect::{self, Lock};
use crate::{Result, Tx};

#[derive(sqlx::FromRow)]
struct GroupRow {
    id: i64,
    display_name: String,
    description: String,
    member_count: i64,
}

impl From<GroupRow> for Group {
    fn from(row: GroupRow) -> Self {
        Self {
            id: GroupId::from_i64(row.id),
            display_name: row.display_name,
            description: row.description,
            members: u64::try_from(row.member_count).unwrap_or(0),
        }
    }
}

impl Tx {
    /// A taken name is [`crate::Error::Taken`] of `display_name`.
    pub async fn insert_group(&mut self, id: GroupId, realm: RealmId, name: &GroupName, description: &str, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO groups (id, realm_id, display_name, name_key, description, member_count, version, created_at, updated_at) \
            VALUES ($1, $2, $3, $4, $5, 0, 1, $6, $6)";
        execute!(self, sql, id.get(), realm.get(), name.as_str(), name.key(), description, now.micros());
        Ok(())
    }

    pub async fn group_by_name(&mut self, realm: RealmId, name: &GroupName) -> Result<Option<GroupId>> {
        let row = fetch_optional!(self, (i64,), "SELECT id FROM groups WHERE realm_id = $1 AND name_key = $2", realm.get(), name.key());
        Ok(row.map(|(id,)| GroupId::from_i64(id)))
    }

    pub async fn group(&mut self, realm: RealmId, id: GroupId) -> Result<Option<Group>> {
        let sql = "SELECT id, display_name, description, member_count FROM groups WHERE id = $1 AND realm_id = $2";
        Ok(fetch_optional!(self, GroupRow, sql, id.get(), realm.get()).map(Group::from))
    }

    /// Every group of the realm by name, at most `limit`.
    pub async fn groups(&mut self, realm: RealmId, limit: u32) -> Result<Vec<Group>> {
        let sql = "SELECT id, display_name, description, member_count FROM groups WHERE realm_id = $1 ORDER BY name_key LIMIT $2";
        Ok(fetch_all!(self, GroupRow, sql, realm.get(), i64::from(limit)).into_iter().map(Group::from).collect())
    }

    /// The groups that an identity is in, by name.
    pub async fn groups_of(&mut self, realm: RealmId, identity: IdentityId) -> Result<Vec<Group>> {
        let sql = "SELECT g.id, g.display_name, g.description, g.member_count FROM group_members m JOIN groups g ON g.id = m.group_id \
            WHERE m.identity_id = $1 AND g.realm_id = $2 ORDER BY g.name_key";
        Ok(fetch_all!(self, GroupRow, sql, identity.get(), realm.get()).into_iter().map(Group::from).collect())
    }

    /// Whether the identity was added; `false` where it was a member already. Both counts move with the membership.
    pub async fn add_member(&mut self, realm: RealmId, group: GroupId, identity: IdentityId, now: Timestamp) -> Result<bool> {
        let sql = "INSERT INTO group_members (group_id, identity_id, added_at) \
            SELECT g.id, i.id, $4 FROM groups g, identities i WHERE g.id = $1 AND g.realm_id = $3 AND i.id = $2 AND i.realm_id = $3 \
            ON CONFLICT DO NOTHING";
        dialect::lock(self, Lock::Identity(identity)).await?;
        let added = execute!(self, sql, group.get(), identity.get(), realm.get(), now.micros()) == 1;
        if added {
            execute!(self, "UPDATE groups SET member_count = member_count + 1 WHERE id = $1", group.get());
            execute!(self, "UPDATE identities SET group_count = group_count + 1 WHERE id = $1", identity.get());
        }
        Ok(added)
    }

    /// Ends every membership of an identity.
    pub(crate) async fn leave_all_groups(&mut self, identity: IdentityId) -> Result<()> {
        let sql =
            "UPDATE groups SET member_count = member_count - 1 WHERE id IN (SELECT group_id FROM group_members WHERE identity_id = $1)";
        dialect::lock(self, Lock::GroupsOf(identity)).await?;
        execute!(self, sql, identity.get());
        execute!(self, "DELETE FROM group_members WHERE identity_id = $1", identity.get());
        Ok(())
    }

    /// Whether any member of the group has an active passkey.
    pub async fn group_has_enrolled_member(&mut self, group: GroupId) -> Result<bool> {
        let sql = "SELECT 1 FROM group_members m JOIN identities i ON i.id = m.identity_id \
            WHERE m.group_id = $1 AND i.status = 'active' AND i.passkey_count > 0 LIMIT 1";
        Ok(fetch_optional!(self, (i32,), sql, group.get()).is_some())
    }
}
