//! Lists for programs: in the order of creation, which is that of the ids, and what they have in all.
//!
//! A page starts behind the last id of the one before it, so that none repeats or misses a row that was there all the time.
//! Its ids are found first, and only then its rows are read.

use domain::filter::{Condition, GroupAttribute, IdentityAttribute, JobAttribute};
use domain::record::{Group, Identity, Job, Passkey};
use domain::{BindingJobId, GroupId, IdentityId, PasskeyId, RealmId};

use crate::condition::{Stored, is_found_by_text};
use crate::statement::{Bound, Statement};
use crate::{Result, Tx, binding_jobs, dialect, groups, identities, passkeys};

/// A part of a list.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<Id> {
    /// It begins behind this one; at the list's beginning where absent.
    pub after: Option<Id>,
    /// So many rows are passed over.
    pub skip: u32,
    pub limit: u32,
}

/// The rows of a list before it is cut into pages.
struct List {
    statement: Statement,
    from: &'static str,
    /// The column that it is ordered by.
    id: &'static str,
    /// Whether its rows are found first and ordered then. Both databases would rather walk all rows in their order, in the
    /// hope that a page is soon full.
    sorted: bool,
}

impl List {
    fn new(from: &'static str, id: &'static str) -> Self {
        Self { statement: Statement::default(), from, id, sorted: false }
    }

    /// What the realm has, or of that what is of one identity.
    fn within(mut self, realm: (&str, RealmId), identity: Option<(&str, IdentityId)>) -> Self {
        self.statement.require(&format!("{} = ?", realm.0), Bound::Number(realm.1.get()));
        if let Some((column, identity)) = identity {
            self.statement.require(&format!("{column} = ?"), Bound::Number(identity.get()));
        }
        self
    }

    fn fulfilling<A: Stored>(mut self, tx: &mut Tx, condition: Option<&Condition<A>>) -> Self {
        if let Some(condition) = condition {
            self.statement.fulfil(condition, dialect::position(tx));
            self.sorted = is_found_by_text(condition);
        }
        self
    }

    /// The statement that reads the ids of this part of the list.
    fn ids(mut self, after: Option<i64>, skip: u32, limit: u32) -> (String, Vec<Bound>) {
        // No index has the sum.
        let order = if self.sorted { format!("{} + 0", self.id) } else { self.id.to_owned() };
        if let Some(after) = after {
            self.statement.require(&format!("{order} > ?"), Bound::Number(after));
        }
        let limit = self.statement.bind(Bound::Number(i64::from(limit)));
        let skip = self.statement.bind(Bound::Number(i64::from(skip)));
        let (id, from, conditions) = (self.id, self.from, self.statement.conditions.join(" AND "));
        (format!("SELECT {id} AS id FROM {from} WHERE {conditions} ORDER BY {order} LIMIT {limit} OFFSET {skip}"), self.statement.values)
    }

    /// The statement that reads its rows: these columns of what is joined to the ids of a `page`.
    fn page(self, columns: &str, joined: &str, after: Option<i64>, skip: u32, limit: u32) -> (String, Vec<Bound>) {
        let (ids, values) = self.ids(after, skip, limit);
        (format!("SELECT {columns} FROM ({ids}) page {joined} ORDER BY page.id"), values)
    }

    fn count(self) -> (String, Vec<Bound>) {
        let sql = format!("SELECT count(*) FROM {} WHERE {}", self.from, self.statement.conditions.join(" AND "));
        (sql, self.statement.values)
    }
}

fn identities_of(tx: &mut Tx, realm: RealmId, condition: Option<&Condition<IdentityAttribute>>) -> List {
    List::new("identities i", "i.id").within(("i.realm_id", realm), None).fulfilling(tx, condition)
}

fn groups_of(tx: &mut Tx, realm: RealmId, condition: Option<&Condition<GroupAttribute>>) -> List {
    List::new("groups g", "g.id").within(("g.realm_id", realm), None).fulfilling(tx, condition)
}

fn jobs_of(tx: &mut Tx, realm: RealmId, identity: Option<IdentityId>, condition: Option<&Condition<JobAttribute>>) -> List {
    let list = List::new("binding_jobs j", "j.id");
    list.within(("j.realm_id", realm), identity.map(|identity| ("j.identity_id", identity))).fulfilling(tx, condition)
}

/// Memberships of one side, named by its column, its table and its id, in the order of the other side's ids.
fn memberships((column, table, of): (&str, &str, i64), realm: RealmId, id: &'static str) -> List {
    let mut list = List::new("group_members m", id);
    let of = list.statement.bind(Bound::Number(of));
    let own = format!("{column} = (SELECT id FROM {table} WHERE id = {of} AND realm_id = ?)");
    list.statement.require(&own, Bound::Number(realm.get()));
    list
}

fn passkeys_of(realm: RealmId, identity: Option<IdentityId>) -> List {
    List::new("passkeys p", "p.id").within(("p.realm_id", realm), identity.map(|identity| ("p.identity_id", identity)))
}

impl Tx {
    /// Identities that fulfil the condition.
    pub async fn identities_by_id(
        &mut self,
        realm: RealmId,
        condition: Option<&Condition<IdentityAttribute>>,
        part: Stretch<IdentityId>,
    ) -> Result<Vec<Identity>> {
        let list = identities_of(self, realm, condition);
        self.identities_on_page(list, part).await
    }

    pub async fn identities_in_all(&mut self, realm: RealmId, condition: Option<&Condition<IdentityAttribute>>) -> Result<u64> {
        let list = identities_of(self, realm, condition);
        self.count_rows(list).await
    }

    /// Groups that fulfil the condition.
    pub async fn groups_by_id(
        &mut self,
        realm: RealmId,
        condition: Option<&Condition<GroupAttribute>>,
        part: Stretch<GroupId>,
    ) -> Result<Vec<Group>> {
        let list = groups_of(self, realm, condition);
        self.groups_on_page(list, part).await
    }

    pub async fn groups_in_all(&mut self, realm: RealmId, condition: Option<&Condition<GroupAttribute>>) -> Result<u64> {
        let list = groups_of(self, realm, condition);
        self.count_rows(list).await
    }

    /// The groups that an identity is in. How many they are stands in its row.
    pub async fn groups_of_by_id(&mut self, realm: RealmId, identity: IdentityId, part: Stretch<GroupId>) -> Result<Vec<Group>> {
        let list = memberships(("m.identity_id", "identities", identity.get()), realm, "m.group_id");
        self.groups_on_page(list, part).await
    }

    async fn groups_on_page(&mut self, list: List, part: Stretch<GroupId>) -> Result<Vec<Group>> {
        let joined = "JOIN groups g ON g.id = page.id";
        let (sql, values) = list.page(groups::COLUMNS, joined, part.after.map(GroupId::get), part.skip, part.limit);
        let rows: Vec<groups::GroupRow> = fetch_built!(self, groups::GroupRow, sql, values);
        Ok(rows.into_iter().map(Group::from).collect())
    }

    /// The members of a group. How many they are stands in its row.
    pub async fn members_by_id(&mut self, realm: RealmId, group: GroupId, part: Stretch<IdentityId>) -> Result<Vec<Identity>> {
        let list = memberships(("m.group_id", "groups", group.get()), realm, "m.identity_id");
        self.identities_on_page(list, part).await
    }

    async fn identities_on_page(&mut self, list: List, part: Stretch<IdentityId>) -> Result<Vec<Identity>> {
        let joined = "JOIN identities i ON i.id = page.id";
        let (sql, values) = list.page(identities::COLUMNS, joined, part.after.map(IdentityId::get), part.skip, part.limit);
        let rows: Vec<identities::Row> = fetch_built!(self, identities::Row, sql, values);
        rows.into_iter().map(Identity::try_from).collect()
    }

    /// Binding jobs that fulfil the condition: the realm's, or those of one identity.
    pub async fn jobs_by_id(
        &mut self,
        realm: RealmId,
        identity: Option<IdentityId>,
        condition: Option<&Condition<JobAttribute>>,
        part: Stretch<BindingJobId>,
    ) -> Result<Vec<Job>> {
        let list = jobs_of(self, realm, identity, condition);
        let joined = format!("JOIN binding_jobs j ON j.id = page.id {}", binding_jobs::JOINS);
        let (sql, values) = list.page(binding_jobs::COLUMNS, &joined, part.after.map(BindingJobId::get), part.skip, part.limit);
        let rows: Vec<binding_jobs::Row> = fetch_built!(self, binding_jobs::Row, sql, values);
        rows.into_iter().map(Job::try_from).collect()
    }

    pub async fn jobs_in_all(
        &mut self,
        realm: RealmId,
        identity: Option<IdentityId>,
        condition: Option<&Condition<JobAttribute>>,
    ) -> Result<u64> {
        let list = jobs_of(self, realm, identity, condition);
        self.count_rows(list).await
    }

    /// Passkeys, revoked ones included: the realm's, or those of one identity.
    pub async fn passkeys_by_id(&mut self, realm: RealmId, identity: Option<IdentityId>, part: Stretch<PasskeyId>) -> Result<Vec<Passkey>> {
        let joined = "JOIN passkeys p ON p.id = page.id";
        let list = passkeys_of(realm, identity);
        let (sql, values) = list.page(passkeys::COLUMNS, joined, part.after.map(PasskeyId::get), part.skip, part.limit);
        let rows: Vec<passkeys::Row> = fetch_built!(self, passkeys::Row, sql, values);
        Ok(rows.into_iter().map(Passkey::from).collect())
    }

    pub async fn passkeys_in_all(&mut self, realm: RealmId, identity: Option<IdentityId>) -> Result<u64> {
        self.count_rows(passkeys_of(realm, identity)).await
    }

    async fn count_rows(&mut self, list: List) -> Result<u64> {
        let (sql, values) = list.count();
        let rows: Vec<(i64,)> = fetch_built!(self, (i64,), sql, values);
        Ok(rows.first().map_or(0, |(count,)| count.unsigned_abs()))
    }
}

#[cfg(test)]
mod plans;
