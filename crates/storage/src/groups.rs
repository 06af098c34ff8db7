//! Groups: one at a time, and the list of them. Who is in them is in `members`.

mod members;

use domain::fold::{self, Search};
use domain::group::{GroupName, GroupProfile};
use domain::record::Group;
use domain::{GroupId, IdentityId, RealmId, Timestamp};

use crate::dialect::{self, Lock};
use crate::statement::{Bound, Statement};
use crate::{Result, Store, Tx};

/// Of a row, in `groups g`.
pub(crate) const COLUMNS: &str = "g.id, g.display_name, g.description, g.member_count, g.version, g.created_at, g.updated_at";

#[derive(sqlx::FromRow)]
pub(crate) struct GroupRow {
    id: i64,
    display_name: String,
    description: String,
    member_count: i64,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct PageRow {
    #[sqlx(flatten)]
    group: GroupRow,
    name_key: String,
}

/// What a search looks into. A version that did not know the folded name may have written the row while this one runs.
const SEARCHED: &str = "coalesce(search_name, name_key)";
/// Names that are folded in one transaction.
const FOLDED: i64 = 1_000;

impl From<GroupRow> for Group {
    fn from(row: GroupRow) -> Self {
        Self {
            id: GroupId::from_i64(row.id),
            display_name: row.display_name,
            description: row.description,
            members: u64::try_from(row.member_count).unwrap_or(0),
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        }
    }
}

impl Tx {
    /// A taken name is [`crate::Error::Taken`] of `display_name`.
    pub async fn insert_group(&mut self, id: GroupId, realm: RealmId, name: &GroupName, description: &str, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO groups (id, realm_id, display_name, name_key, search_name, description, member_count, version, created_at, updated_at) \
            VALUES ($1, $2, $3, $4, $5, $6, 0, 1, $7, $7)";
        execute!(self, sql, id.get(), realm.get(), name.as_str(), name.key(), name.search_form(), description, now.micros());
        Ok(())
    }

    pub async fn group_by_name(&mut self, realm: RealmId, name: &GroupName) -> Result<Option<GroupId>> {
        let row = fetch_optional!(self, (i64,), "SELECT id FROM groups WHERE realm_id = $1 AND name_key = $2", realm.get(), name.key());
        Ok(row.map(|(id,)| GroupId::from_i64(id)))
    }

    pub async fn group(&mut self, realm: RealmId, id: GroupId) -> Result<Option<Group>> {
        let sql = "SELECT id, display_name, description, member_count, version, created_at, updated_at FROM groups WHERE id = $1 AND realm_id = $2";
        Ok(fetch_optional!(self, GroupRow, sql, id.get(), realm.get()).map(Group::from))
    }

    /// Every group of the realm by name, at most `limit`.
    pub async fn groups(&mut self, realm: RealmId, limit: u32) -> Result<Vec<Group>> {
        let sql = "SELECT id, display_name, description, member_count, version, created_at, updated_at FROM groups WHERE realm_id = $1 ORDER BY name_key LIMIT $2";
        Ok(fetch_all!(self, GroupRow, sql, realm.get(), i64::from(limit)).into_iter().map(Group::from).collect())
    }

    /// A page of groups by name: those whose folded name holds what is searched for, behind `after`.
    pub async fn groups_page(&mut self, realm: RealmId, search: Option<&Search>, after: &str, limit: u32) -> Result<Vec<(String, Group)>> {
        let mut statement = Statement::default();
        statement.require("realm_id = ?", Bound::Number(realm.get()));
        statement.require("name_key > ?", Bound::Text(after.to_owned()));
        for part in search.iter().flat_map(|search| &search.parts) {
            statement.require(&format!("replace({SEARCHED}, ?, '') <> {SEARCHED}"), Bound::Text(part.clone()));
        }
        let limit = statement.bind(Bound::Number(i64::from(limit)));
        let conditions = statement.conditions.join(" AND ");
        let sql = format!(
            "SELECT id, display_name, description, member_count, version, created_at, updated_at, name_key FROM groups WHERE {conditions} ORDER BY name_key LIMIT {limit}"
        );
        let rows: Vec<PageRow> = fetch_built!(self, PageRow, sql, statement.values);
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
        let sql = "UPDATE groups SET display_name = $4, name_key = $5, search_name = $6, description = $7, version = version + 1, \
            updated_at = $8 WHERE id = $1 AND realm_id = $2 AND version = $3";
        let GroupProfile { name, description } = profile;
        let (key, searched) = (name.key(), name.search_form());
        Ok(execute!(self, sql, id.get(), realm.get(), version, name.as_str(), key, searched, description.as_str(), now.micros()) == 1)
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

    /// The groups that an identity is in, by name.
    pub async fn groups_of(&mut self, realm: RealmId, identity: IdentityId) -> Result<Vec<Group>> {
        let sql = "SELECT g.id, g.display_name, g.description, g.member_count, g.version, g.created_at, g.updated_at FROM group_members m JOIN groups g ON g.id = m.group_id \
            WHERE m.identity_id = $1 AND g.realm_id = $2 ORDER BY g.name_key";
        Ok(fetch_all!(self, GroupRow, sql, identity.get(), realm.get()).into_iter().map(Group::from).collect())
    }
}

impl Store {
    /// Brings the folded names in line with what this version makes of them: another one may have written the rows.
    pub(crate) async fn fold_group_names(&self) -> Result<()> {
        let mut after = 0;
        loop {
            let rows = self.read().await?.names_behind(after).await?;
            let Some((last, ..)) = rows.last() else { return Ok(()) };
            after = *last;
            let folded = rows.into_iter().map(|(id, name, before)| (id, fold::search_form(&name), name, before));
            let mut stale = folded.filter(|(_, form, _, before)| before.as_ref() != Some(form)).peekable();
            if stale.peek().is_none() {
                continue;
            }
            let mut tx = self.write().await?;
            for (id, form, name, _) in stale {
                // A name that changed meanwhile was folded by whoever changed it.
                let sql = "UPDATE groups SET search_name = $3 WHERE id = $1 AND display_name = $2";
                execute!(&mut tx, sql, id, name.as_str(), form.as_str());
            }
            tx.commit().await?;
        }
    }
}

impl Tx {
    /// The next groups of any realm: id, name, and what it was folded to.
    async fn names_behind(&mut self, after: i64) -> Result<Vec<(i64, String, Option<String>)>> {
        let sql = "SELECT id, display_name, search_name FROM groups WHERE id > $1 ORDER BY id LIMIT $2";
        Ok(fetch_all!(self, (i64, String, Option<String>), sql, after, FOLDED))
    }
}
