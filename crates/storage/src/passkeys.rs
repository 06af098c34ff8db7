//! Passkeys: WebAuthn credentials.

use domain::record::{Passkey, Revoked};
use domain::{IdentityId, PasskeyId, RealmId, Timestamp};

use crate::dialect::{self, Lock};
use crate::{Result, Tx};

/// A verified registration about to be stored.
#[derive(Debug, Clone)]
pub struct NewPasskey {
    pub id: PasskeyId,
    pub realm: RealmId,
    pub identity: IdentityId,
    pub credential_id: Vec<u8>,
    /// The verifier's serialised credential: public key, counter, flags.
    pub credential: String,
    pub aaguid: [u8; 16],
    pub name: String,
    pub backup_eligible: bool,
    pub backup_state: bool,
    pub at: Timestamp,
}

/// What verifying a sign-in needs.
#[derive(Debug, Clone)]
pub struct StoredPasskey {
    pub id: PasskeyId,
    pub identity: IdentityId,
    pub credential: String,
    pub active: bool,
}

/// Of a row, in `passkeys p`.
pub(crate) const COLUMNS: &str =
    "p.id, p.identity_id, p.name, p.backup_eligible, p.revoke_reason, p.revoked_at, p.created_at, p.last_used_at";

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: i64,
    identity_id: i64,
    name: String,
    backup_eligible: bool,
    revoke_reason: Option<String>,
    revoked_at: Option<i64>,
    created_at: i64,
    last_used_at: Option<i64>,
}

impl From<Row> for Passkey {
    fn from(row: Row) -> Self {
        Self {
            id: PasskeyId::from_i64(row.id),
            identity: IdentityId::from_i64(row.identity_id),
            name: row.name,
            synced: row.backup_eligible,
            revoked: row.revoked_at.map(|at| Revoked { at: Timestamp::from_micros(at), reason: row.revoke_reason.unwrap_or_default() }),
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
        }
    }
}

macro_rules! select_passkeys {
    ($rest:literal) => {
        concat!("SELECT id, identity_id, name, backup_eligible, revoke_reason, revoked_at, created_at, last_used_at FROM passkeys ", $rest)
    };
}

impl Tx {
    /// A credential id that is known already, revoked ones included, is [`crate::Error::Taken`] of `credential_id`.
    pub async fn insert_passkey(&mut self, new: &NewPasskey) -> Result<()> {
        let sql = "INSERT INTO passkeys (id, realm_id, identity_id, credential_id, credential, aaguid, name, backup_eligible, backup_state, state, created_at, updated_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'ACTIVE', $10, $10)";
        execute!(
            self,
            sql,
            new.id.get(),
            new.realm.get(),
            new.identity.get(),
            new.credential_id.as_slice(),
            new.credential.as_str(),
            new.aaguid.as_slice(),
            new.name.as_str(),
            new.backup_eligible,
            new.backup_state,
            new.at.micros()
        );
        Ok(())
    }

    pub async fn passkey(&mut self, realm: RealmId, id: PasskeyId) -> Result<Option<Passkey>> {
        Ok(fetch_optional!(self, Row, select_passkeys!("WHERE id = $1 AND realm_id = $2"), id.get(), realm.get()).map(Passkey::from))
    }

    /// An identity's passkeys, the newest first.
    pub async fn passkeys_of(&mut self, realm: RealmId, identity: IdentityId) -> Result<Vec<Passkey>> {
        let sql = select_passkeys!("WHERE identity_id = $1 AND realm_id = $2 ORDER BY id DESC");
        Ok(fetch_all!(self, Row, sql, identity.get(), realm.get()).into_iter().map(Passkey::from).collect())
    }

    /// The credential ids of an identity's active passkeys.
    pub async fn active_credential_ids(&mut self, identity: IdentityId) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT credential_id FROM passkeys WHERE identity_id = $1 AND state = 'ACTIVE' ORDER BY id";
        Ok(fetch_all!(self, (Vec<u8>,), sql, identity.get()).into_iter().map(|(id,)| id).collect())
    }

    pub async fn stored_passkey(&mut self, credential_id: &[u8]) -> Result<Option<StoredPasskey>> {
        let sql = "SELECT id, identity_id, credential, state FROM passkeys WHERE credential_id = $1";
        let row = fetch_optional!(self, (i64, i64, String, String), sql, credential_id);
        Ok(row.map(|(id, identity, credential, state)| StoredPasskey {
            id: PasskeyId::from_i64(id),
            identity: IdentityId::from_i64(identity),
            credential,
            active: state == "ACTIVE",
        }))
    }

    /// The verifier's credential of each of these passkeys, and when it last changed.
    pub async fn credentials(&mut self, realm: RealmId, ids: &[PasskeyId]) -> Result<Vec<(PasskeyId, String, Timestamp)>> {
        let sql =
            dialect::among(self, "SELECT id, credential, updated_at FROM passkeys WHERE realm_id = $2 AND id IN (SELECT id FROM among)");
        let ids = dialect::ids(ids.iter().map(|id| id.get()));
        let rows = fetch_all!(self, (i64, String, i64), sqlx::AssertSqlSafe(sql.as_str()), ids.as_str(), realm.get());
        Ok(rows.into_iter().map(|(id, credential, at)| (PasskeyId::from_i64(id), credential, Timestamp::from_micros(at))).collect())
    }

    /// Keeps what a sign-in changed, unless another sign-in changed it first: then `false`, and the counter of the
    /// answer is no longer known to have grown.
    pub async fn use_passkey(&mut self, id: PasskeyId, before: &str, after: &str, backup_state: bool, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE passkeys SET credential = $3, backup_state = $4, last_used_at = $5 WHERE id = $1 AND credential = $2 AND state = 'ACTIVE'";
        dialect::lock(self, Lock::HolderOf(id)).await?;
        Ok(execute!(self, sql, id.get(), before, after, backup_state, now.micros()) == 1)
    }

    pub async fn rename_passkey(&mut self, realm: RealmId, id: PasskeyId, name: &str, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE passkeys SET name = $3, updated_at = $4 WHERE id = $1 AND realm_id = $2 AND state = 'ACTIVE'";
        Ok(execute!(self, sql, id.get(), realm.get(), name, now.micros()) == 1)
    }

    /// Revokes for good and ends the sessions made with it; `false` where it is not active.
    pub async fn revoke_passkey(&mut self, realm: RealmId, id: PasskeyId, reason: &str, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE passkeys SET state = 'REVOKED', revoke_reason = $3, revoked_at = $4, updated_at = $4 \
            WHERE id = $1 AND realm_id = $2 AND state = 'ACTIVE'";
        dialect::lock(self, Lock::HolderOf(id)).await?;
        let revoked = execute!(self, sql, id.get(), realm.get(), reason, now.micros()) == 1;
        if revoked {
            execute!(self, "DELETE FROM sessions WHERE passkey_id = $1", id.get());
        }
        Ok(revoked)
    }
}
