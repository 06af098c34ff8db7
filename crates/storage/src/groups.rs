//! Groups and their members.

use domain::group::{GroupName, GroupProfile};
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
    version: i64,
}

#[derive(sqlx::FromRow)]
struct PageRow {
    #[sqlx(flatten)]
    group: GroupRow,
    name_key: String,
}

impl From<GroupRow> for Group {
    fn from(row: GroupRow) -> Self {
        Self {
            id: GroupId::from_i64(row.id),
            display_name: row.display_name,
            description: row.description,
            members: u64::try_from(row.member_count).unwrap_or(0),
            version: row.version,
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
        let sql = "SELECT id, display_name, description, member_count, version FROM groups WHERE id = $1 AND realm_id = $2";
        Ok(fetch_optional!(self, GroupRow, sql, id.get(), realm.get()).map(Group::from))
    }

    /// Every group of the realm by name, at most `limit`.
    pub async fn groups(&mut self, realm: RealmId, limit: u32) -> Result<Vec<Group>> {
        let sql = "SELECT id, display_name, description, member_count, version FROM groups WHERE realm_id = $1 ORDER BY name_key LIMIT $2";
        Ok(fetch_all!(self, GroupRow, sql, realm.get(), i64::from(limit)).into_iter().map(Group::from).collect())
    }

    /// A page of groups by name: those whose folded name holds `sought`, behind `after`.
    pub async fn groups_page(&mut self, realm: RealmId, sought: &str, after: &str, limit: u32) -> Result<Vec<(String, Group)>> {
        let sql = "SELECT id, display_name, description, member_count, version, name_key FROM groups \
            WHERE realm_id = $1 AND name_key > $3 AND ($2 = '' OR replace(name_key, $2, '') <> name_key) ORDER BY name_key LIMIT $4";
        let rows = fetch_all!(self, PageRow, sql, realm.get(), sought, after, i64::from(limit));
        Ok(rows.into_iter().map(|row| (row.name_key, row.group.into())).collect())
    }

    /// Saves an edit that started from `version`; `false` where somebody else saved first. A taken name is
    /// [`crate::Error::Taken`] of `display_name`.
    pub async fn update_group(
        &mut self,
        realm: RealmId,
        id: GroupId,
        version: i64,
        profile: &GroupProfile,
        now: Timestamp,
    ) -> Result<bool> {
        let sql = "UPDATE groups SET display_name = $4, name_key = $5, description = $6, version = version + 1, updated_at = $7 \
            WHERE id = $1 AND realm_id = $2 AND version = $3";
        let GroupProfile { name, description } = profile;
        Ok(execute!(self, sql, id.get(), realm.get(), version, name.as_str(), name.key(), description.as_str(), now.micros()) == 1)
    }

    /// Deletes a group and its memberships; nobody joins it meanwhile.
    pub async fn delete_group(&mut self, realm: RealmId, id: GroupId) -> Result<bool> {
        dialect::lock(self, Lock::Realm(realm)).await?;
        dialect::lock(self, Lock::MembersOf(id)).await?;
        let left = "UPDATE identities SET group_count = group_count - 1 WHERE realm_id = $2 AND id IN \
            (SELECT identity_id FROM group_members WHERE group_id = $1)";
        execute!(self, left, id.get(), realm.get());
        let memberships = "DELETE FROM group_members WHERE group_id = (SELECT id FROM groups WHERE id = $1 AND realm_id = $2)";
        execute!(self, memberships, id.get(), realm.get());
        Ok(execute!(self, "DELETE FROM groups WHERE id = $1 AND realm_id = $2", id.get(), realm.get()) == 1)
    }

    /// Makes these people members; those who are already, or are not of the realm, are left out. Who was added.
    pub async fn add_members(&mut self, realm: RealmId, group: GroupId, people: &[IdentityId], now: Timestamp) -> Result<Vec<IdentityId>> {
        dialect::lock(self, Lock::Joining(realm)).await?;
        let ids = self.lock_people(people).await?;
        let sql = dialect::among(
            self,
            "INSERT INTO group_members (group_id, identity_id, added_at) SELECT g.id, i.id, $4 FROM groups g, identities i \
             WHERE g.id = $2 AND g.realm_id = $3 AND i.realm_id = $3 AND i.id IN (SELECT id FROM among) ON CONFLICT DO NOTHING RETURNING identity_id",
        );
        let sql = sqlx::AssertSqlSafe(sql.as_str());
        let added = fetch_all!(self, (i64,), sql, ids.as_str(), group.get(), realm.get(), now.micros());
        self.count_members(group, added, 1).await
    }

    /// Ends the membership of these people. Who was removed.
    pub async fn remove_members(&mut self, realm: RealmId, group: GroupId, people: &[IdentityId]) -> Result<Vec<IdentityId>> {
        let ids = self.lock_people(people).await?;
        let sql = dialect::among(
            self,
            "DELETE FROM group_members WHERE group_id = (SELECT id FROM groups WHERE id = $2 AND realm_id = $3) \
             AND identity_id IN (SELECT id FROM among) RETURNING identity_id",
        );
        let removed = fetch_all!(self, (i64,), sqlx::AssertSqlSafe(sql.as_str()), ids.as_str(), group.get(), realm.get());
        self.count_members(group, removed, -1).await
    }

    /// Waits for whoever changes these people; answers their ids as the statements bind them.
    async fn lock_people(&mut self, people: &[IdentityId]) -> Result<String> {
        let ids = dialect::ids(people.iter().map(|id| id.get()));
        dialect::lock_identities(self, &ids).await?;
        Ok(ids)
    }

    /// Keeps the counts of the group and of those who joined or left it.
    async fn count_members(&mut self, group: GroupId, changed: Vec<(i64,)>, by: i64) -> Result<Vec<IdentityId>> {
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        let ids = dialect::ids(changed.iter().map(|(id,)| *id));
        let sql = dialect::among(self, "UPDATE identities SET group_count = group_count + $2 WHERE id IN (SELECT id FROM among)");
        execute!(self, sqlx::AssertSqlSafe(sql.as_str()), ids.as_str(), by);
        let all = by * i64::try_from(changed.len()).unwrap_or(0);
        execute!(self, "UPDATE groups SET member_count = member_count + $2 WHERE id = $1", group.get(), all);
        Ok(changed.into_iter().map(|(id,)| IdentityId::from_i64(id)).collect())
    }

    /// The groups that an identity is in, by name.
    pub async fn groups_of(&mut self, realm: RealmId, identity: IdentityId) -> Result<Vec<Group>> {
        let sql = "SELECT g.id, g.display_name, g.description, g.member_count, g.version FROM group_members m JOIN groups g ON g.id = m.group_id \
            WHERE m.identity_id = $1 AND g.realm_id = $2 ORDER BY g.name_key";
        Ok(fetch_all!(self, GroupRow, sql, identity.get(), realm.get()).into_iter().map(Group::from).collect())
    }

    /// Whether the identity was added; `false` where it was a member already. Both counts move with the membership.
    pub async fn add_member(&mut self, realm: RealmId, group: GroupId, identity: IdentityId, now: Timestamp) -> Result<bool> {
        let sql = "INSERT INTO group_members (group_id, identity_id, added_at) \
            SELECT g.id, i.id, $4 FROM groups g, identities i WHERE g.id = $1 AND g.realm_id = $3 AND i.id = $2 AND i.realm_id = $3 \
            ON CONFLICT DO NOTHING";
        dialect::lock(self, Lock::Joining(realm)).await?;
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
