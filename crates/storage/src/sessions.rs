//! Sessions: signed-in browsers, found by the hash of their token.

use domain::{IdentityId, PasskeyId, RealmId, SessionId, Timestamp};

use crate::{Result, Tx};

#[derive(Debug, Clone)]
pub struct NewSession {
    pub id: SessionId,
    pub token_hash: [u8; 32],
    pub realm: RealmId,
    pub identity: IdentityId,
    pub passkey: PasskeyId,
    pub device: String,
    pub address: String,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    pub id: SessionId,
    pub realm: RealmId,
    pub identity: IdentityId,
    pub display_name: String,
    pub username: String,
    pub suspended: bool,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    realm_id: i64,
    identity_id: i64,
    display_name: String,
    username: String,
    status: String,
    last_seen_at: i64,
    expires_at: i64,
}

impl Tx {
    pub async fn insert_session(&mut self, new: &NewSession) -> Result<()> {
        let sql = "INSERT INTO sessions (id, token_hash, realm_id, identity_id, passkey_id, device, address, created_at, last_seen_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)";
        execute!(
            self,
            sql,
            new.id.get(),
            new.token_hash.as_slice(),
            new.realm.get(),
            new.identity.get(),
            new.passkey.get(),
            new.device.as_str(),
            new.address.as_str(),
            new.at.micros(),
            new.expires_at.micros()
        );
        Ok(())
    }

    /// The session with what decides whether it still holds.
    pub async fn session(&mut self, token_hash: &[u8; 32]) -> Result<Option<StoredSession>> {
        let sql = "SELECT s.id, s.realm_id, s.identity_id, i.display_name, i.username, i.status, s.last_seen_at, s.expires_at \
            FROM sessions s JOIN identities i ON i.id = s.identity_id JOIN passkeys p ON p.id = s.passkey_id AND p.state = 'ACTIVE' \
            WHERE s.token_hash = $1";
        Ok(fetch_optional!(self, Row, sql, token_hash.as_slice()).map(|row| StoredSession {
            id: SessionId::from_i64(row.id),
            realm: RealmId::from_i64(row.realm_id),
            identity: IdentityId::from_i64(row.identity_id),
            display_name: row.display_name,
            username: row.username,
            suspended: row.status != "active",
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        }))
    }

    pub async fn touch_session(&mut self, id: SessionId, now: Timestamp) -> Result<()> {
        execute!(self, "UPDATE sessions SET last_seen_at = $2 WHERE id = $1", id.get(), now.micros());
        Ok(())
    }

    pub async fn end_session(&mut self, id: SessionId) -> Result<bool> {
        Ok(execute!(self, "DELETE FROM sessions WHERE id = $1", id.get()) == 1)
    }

    /// Ends every session of an identity.
    pub async fn end_sessions_of(&mut self, identity: IdentityId) -> Result<u64> {
        Ok(execute!(self, "DELETE FROM sessions WHERE identity_id = $1", identity.get()))
    }
}
