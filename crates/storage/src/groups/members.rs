//! Who is in which group: joining and leaving, one by one and by the thousand, and the counts that go with it.

use std::collections::BTreeSet;

use domain::{GroupId, IdentityId, RealmId, Timestamp};

use crate::dialect::{self, Lock};
use crate::{Error, Result, Tx};

impl Tx {
    /// Makes these people members; who is named twice or a member already stays one. Who was added. Where some are not of
    /// the realm, nobody is: [`Error::Unknown`].
    pub async fn add_members(&mut self, realm: RealmId, group: GroupId, people: &[IdentityId], now: Timestamp) -> Result<Vec<IdentityId>> {
        dialect::lock(self, Lock::Joining(realm)).await?;
        let ids = self.lock_people(realm, people).await?;
        let sql = dialect::among(
            self,
            "INSERT INTO group_members (group_id, identity_id, added_at) SELECT g.id, i.id, $4 FROM groups g, identities i \
             WHERE g.id = $2 AND g.realm_id = $3 AND i.realm_id = $3 AND i.id IN (SELECT id FROM among) ON CONFLICT DO NOTHING RETURNING identity_id",
        );
        let sql = sqlx::AssertSqlSafe(sql.as_str());
        let added = fetch_all!(self, (i64,), sql, ids.as_str(), group.get(), realm.get(), now.micros());
        self.count_members(group, added, 1).await
    }

    /// Ends the membership of these people; who is no member has none to end. Who was removed. Where some are not of the
    /// realm, nobody is: [`Error::Unknown`].
    pub async fn remove_members(&mut self, realm: RealmId, group: GroupId, people: &[IdentityId]) -> Result<Vec<IdentityId>> {
        let ids = self.lock_people(realm, people).await?;
        let sql = dialect::among(
            self,
            "DELETE FROM group_members WHERE group_id = (SELECT id FROM groups WHERE id = $2 AND realm_id = $3) \
             AND identity_id IN (SELECT id FROM among) RETURNING identity_id",
        );
        let removed = fetch_all!(self, (i64,), sqlx::AssertSqlSafe(sql.as_str()), ids.as_str(), group.get(), realm.get());
        self.count_members(group, removed, -1).await
    }

    /// Waits for whoever changes these people; answers their ids as the statements bind them, each once.
    async fn lock_people(&mut self, realm: RealmId, people: &[IdentityId]) -> Result<String> {
        let people: BTreeSet<_> = people.iter().map(|id| id.get()).collect();
        let asked = people.len();
        let ids = dialect::ids(people.into_iter());
        dialect::lock_identities(self, &ids).await?;
        let sql = dialect::among(self, "SELECT count(*) FROM identities WHERE realm_id = $2 AND id IN (SELECT id FROM among)");
        let (known,) = fetch_one!(self, (i64,), sqlx::AssertSqlSafe(sql.as_str()), ids.as_str(), realm.get());
        let unknown = asked.saturating_sub(usize::try_from(known).unwrap_or(0));
        if unknown == 0 { Ok(ids) } else { Err(Error::Unknown(unknown as u64)) }
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
