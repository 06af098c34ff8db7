//! What a directory holds besides people: memberships and passkeys, made inside the database.

use anyhow::Result;
use domain::group::GroupName;
use domain::{GroupId, RealmId, Timestamp};
use sqlx::{AssertSqlSafe, Postgres, Sqlite};
use storage::Store;

use crate::bare::Bare;

/// Everybody is in one or two of so many groups.
const GROUPS: i64 = 40;
const FIRST_GROUP: i64 = 101;

/// What spreads people: the milliseconds that their ids begin with.
const MADE: &str = "(i.id >> 21)";

/// The group of this number, from 0 on.
pub(crate) const fn group(number: i64) -> GroupId {
    GroupId::from_i64(FIRST_GROUP + number)
}

/// Puts everybody into groups, and gives every other one a passkey of one of four kinds.
pub(crate) async fn move_in(store: &Store, bare: &mut Bare, realm: RealmId) -> Result<()> {
    let mut tx = store.write().await?;
    for number in 0..GROUPS {
        let name = GroupName::parse(&format!("Group {number}")).map_err(anyhow::Error::msg)?;
        tx.insert_group(group(number), realm, &name, "", Timestamp::from_micros(0)).await?;
    }
    tx.commit().await?;
    for nth in ["", "/ 40"] {
        let membership = format!(
            "INSERT INTO group_members (group_id, identity_id, added_at) SELECT {FIRST_GROUP} + ({MADE} {nth}) % {GROUPS}, i.id, 0 \
             FROM identities i WHERE true ON CONFLICT DO NOTHING"
        );
        bare.execute(&membership).await?;
    }
    let (bytes, zeros, yubikey) = bare.bytes();
    let passkeys = format!(
        "INSERT INTO passkeys (id, realm_id, identity_id, credential_id, credential, aaguid, name, backup_eligible, backup_state, state, \
         created_at, updated_at) SELECT i.id + 1, i.realm_id, i.id, {bytes}, '{{}}', CASE {MADE} / 3200 % 2 WHEN 0 THEN {zeros} ELSE {yubikey} END, \
         'Passkey', {MADE} / 6400 % 2 = 0, {MADE} / 6400 % 2 = 0, 'ACTIVE', 0, 0 FROM identities i WHERE {MADE} / 1600 % 2 = 0"
    );
    bare.execute(&passkeys).await?;
    let counts = "UPDATE identities SET group_count = (SELECT count(*) FROM group_members m WHERE m.identity_id = identities.id), \
         passkey_count = (SELECT count(*) FROM passkeys p WHERE p.identity_id = identities.id), \
         enrollment_status = CASE WHEN EXISTS (SELECT 1 FROM passkeys p WHERE p.identity_id = identities.id) THEN 'ENROLLED' ELSE 'UNENROLLED' END";
    bare.execute(counts).await?;
    bare.execute("UPDATE groups SET member_count = (SELECT count(*) FROM group_members m WHERE m.group_id = groups.id)").await?;
    bare.vacuum().await
}

impl Bare {
    /// Runs a statement without values.
    pub(crate) async fn execute(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => sqlx::query::<Sqlite>(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())?,
            Self::Postgres(connection) => sqlx::query::<Postgres>(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())?,
        }
        Ok(())
    }

    /// An id as bytes; an AAGUID that names no product, and one that does.
    const fn bytes(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Sqlite(_) => ("CAST(i.id AS BLOB)", "X'00000000000000000000000000000000'", "X'ee882879721c491397753dfcce97072a'"),
            Self::Postgres(_) => {
                ("int8send(i.id)", r"'\x00000000000000000000000000000000'::bytea", r"'\xee882879721c491397753dfcce97072a'::bytea")
            }
        }
    }
}
