//! Who waits for whom. SQLite writes one transaction at a time; in PostgreSQL, which writes many, what two of them
//! would change is locked before it is read: a statement sees what was committed before it began, not what it waited for.

use domain::{BindingJobId, GroupId, IdentityId, PasskeyId, RealmId};
use sqlx::Postgres;

use crate::tx::Conn;
use crate::{Result, Tx};

/// Any number will do, as long as nothing else in the database uses it.
const INSTALLATION: i64 = 0x6b65_7972_6f6c_6c01;

/// What a transaction is about to change. The realm is locked before its identities, an identity before what belongs to
/// it, and it before its groups: with one order for all, no two transactions wait for each other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lock {
    Identity(IdentityId),
    /// Also keeps anything new from being given to the identity.
    WholeIdentity(IdentityId),
    GroupsOf(IdentityId),
    Group(GroupId),
    MembersOf(GroupId),
    HolderOf(PasskeyId),
    InvitedBy(BindingJobId),
    Realm(RealmId),
    /// Also keeps anything new from coming into the realm.
    WholeRealm(RealmId),
    /// Held by any number at once, but not beside [`Lock::Realm`]: whoever joins a group waits for its deletion.
    Joining(RealmId),
    /// Held by any number at once: the secret of the realm's application stays while tokens are made for it.
    ClientOf(RealmId),
}

/// Waits until no other transaction holds it; then it is held until this one ends.
pub(crate) async fn lock(tx: &mut Tx, what: Lock) -> Result<()> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(()) };
    let (sql, id) = match what {
        Lock::Identity(id) => ("SELECT 1 FROM identities WHERE id = $1 FOR NO KEY UPDATE", id.get()),
        Lock::WholeIdentity(id) => ("SELECT 1 FROM identities WHERE id = $1 FOR UPDATE", id.get()),
        Lock::GroupsOf(id) => {
            let sql = "SELECT 1 FROM groups WHERE id IN (SELECT group_id FROM group_members WHERE identity_id = $1) ORDER BY id FOR NO KEY UPDATE";
            (sql, id.get())
        }
        Lock::Group(id) => ("SELECT 1 FROM groups WHERE id = $1 FOR NO KEY UPDATE", id.get()),
        Lock::MembersOf(id) => {
            let sql = "SELECT 1 FROM identities WHERE id IN (SELECT identity_id FROM group_members WHERE group_id = $1) ORDER BY id FOR NO KEY UPDATE";
            (sql, id.get())
        }
        Lock::HolderOf(id) => {
            ("SELECT 1 FROM identities WHERE id = (SELECT identity_id FROM passkeys WHERE id = $1) FOR NO KEY UPDATE", id.get())
        }
        Lock::InvitedBy(id) => {
            ("SELECT 1 FROM identities WHERE id = (SELECT identity_id FROM binding_jobs WHERE id = $1) FOR NO KEY UPDATE", id.get())
        }
        Lock::Realm(id) => ("SELECT 1 FROM realms WHERE id = $1 FOR NO KEY UPDATE", id.get()),
        Lock::WholeRealm(id) => ("SELECT 1 FROM realms WHERE id = $1 FOR UPDATE", id.get()),
        Lock::Joining(id) => ("SELECT 1 FROM realms WHERE id = $1 FOR SHARE", id.get()),
        Lock::ClientOf(id) => ("SELECT 1 FROM api_clients WHERE realm_id = $1 FOR SHARE", id.get()),
    };
    sqlx::query::<Postgres>(sql).bind(id).execute(conn).await?;
    Ok(())
}

/// The same for many identities, in the order of their ids; `ids` as [`super::ids`] writes them.
pub(crate) async fn lock_identities(tx: &mut Tx, ids: &str) -> Result<()> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(()) };
    let sql =
        "SELECT 1 FROM identities WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json)) ORDER BY id FOR NO KEY UPDATE";
    sqlx::query::<Postgres>(sql).bind(ids).execute(conn).await?;
    Ok(())
}

impl Tx {
    /// Until the transaction ends, nobody else changes the identity, what belongs to it, or its memberships.
    pub async fn lock_identity(&mut self, identity: IdentityId) -> Result<()> {
        lock(self, Lock::Identity(identity)).await
    }

    /// Until the transaction ends, nobody else edits the group.
    pub async fn lock_group(&mut self, group: GroupId) -> Result<()> {
        lock(self, Lock::Group(group)).await
    }

    /// The same, also by whoever is in it: what is deleted with the group is what was looked at.
    pub async fn lock_whole_group(&mut self, group: GroupId) -> Result<()> {
        lock(self, Lock::MembersOf(group)).await?;
        lock(self, Lock::Group(group)).await
    }

    /// The same for whom a binding job is.
    pub async fn lock_invited(&mut self, job: BindingJobId) -> Result<()> {
        lock(self, Lock::InvitedBy(job)).await
    }

    /// The same for several.
    pub async fn lock_identities(&mut self, identities: &[IdentityId]) -> Result<()> {
        lock_identities(self, &super::ids(identities.iter().map(|identity| identity.get()))).await
    }

    /// Until the transaction ends, nobody else gets past this line for the realm.
    pub async fn lock_realm(&mut self, realm: RealmId) -> Result<()> {
        lock(self, Lock::Realm(realm)).await
    }

    /// The same, and nothing new comes into the realm.
    pub async fn lock_whole_realm(&mut self, realm: RealmId) -> Result<()> {
        lock(self, Lock::WholeRealm(realm)).await
    }

    /// Until the transaction ends, nobody replaces or withdraws the secret of the realm's application.
    pub async fn lock_api_client(&mut self, realm: RealmId) -> Result<()> {
        lock(self, Lock::ClientOf(realm)).await
    }

    /// Until the transaction ends, no other process gets past this line: one alone prepares a new installation.
    pub async fn lock_installation(&mut self) -> Result<()> {
        if let Conn::Postgres(conn) = self.conn() {
            sqlx::query::<Postgres>("SELECT pg_advisory_xact_lock($1)").bind(INSTALLATION).execute(conn).await?;
        }
        Ok(())
    }
}
