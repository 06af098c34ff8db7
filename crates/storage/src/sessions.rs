//! Sessions: signed-in browsers, found by the hash of their token.

use domain::identity::Status;
use domain::policy::Presented;
use domain::{IdentityId, PasskeyId, RealmId, SessionId, Timestamp};

use crate::access::presented;
use crate::dialect;
use crate::{Error, Result, Tx};

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
    /// Whether its realm is the one that the administrators are of.
    pub at_home: bool,
    /// The realm that it acts in, where that is another.
    pub acting: Option<RealmId>,
    pub identity: IdentityId,
    pub display_name: String,
    pub username: String,
    pub status: Status,
    /// The passkey that it was begun with.
    pub passkey: Presented,
    /// When the person last used a passkey in it.
    pub verified_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    realm_id: i64,
    at_home: bool,
    acting_realm_id: Option<i64>,
    identity_id: i64,
    display_name: String,
    username: String,
    status: String,
    aaguid: Vec<u8>,
    backup_eligible: bool,
    verified_at: i64,
    last_seen_at: i64,
    expires_at: i64,
}

impl TryFrom<Row> for StoredSession {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: SessionId::from_i64(row.id),
            realm: RealmId::from_i64(row.realm_id),
            at_home: row.at_home,
            acting: row.acting_realm_id.map(RealmId::from_i64),
            identity: IdentityId::from_i64(row.identity_id),
            display_name: row.display_name,
            username: row.username,
            status: Status::read(&row.status).ok_or(Error::Corrupt("status"))?,
            passkey: presented(&row.aaguid, row.backup_eligible),
            verified_at: Timestamp::from_micros(row.verified_at),
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

/// A session as the administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSession {
    pub id: SessionId,
    pub identity: IdentityId,
    pub device: String,
    pub address: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
}

impl Tx {
    pub async fn insert_session(&mut self, new: &NewSession) -> Result<()> {
        let sql = "INSERT INTO sessions (id, token_hash, realm_id, identity_id, passkey_id, device, address, created_at, last_seen_at, verified_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8, $9)";
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
        let sql = "SELECT s.id, s.realm_id, s.realm_id = (SELECT min(id) FROM realms) AS at_home, s.acting_realm_id, s.identity_id, i.display_name, i.username, i.status, p.aaguid, p.backup_eligible, \
            s.verified_at, s.last_seen_at, s.expires_at \
            FROM sessions s JOIN identities i ON i.id = s.identity_id JOIN passkeys p ON p.id = s.passkey_id AND p.state = 'ACTIVE' \
            WHERE s.token_hash = $1";
        fetch_optional!(self, Row, sql, token_hash.as_slice()).map(StoredSession::try_from).transpose()
    }

    /// Sessions of these people that have not ended by time, the one seen last first.
    pub async fn sessions_of(
        &mut self,
        realm: RealmId,
        identities: &[IdentityId],
        now: Timestamp,
        idle_since: Timestamp,
    ) -> Result<Vec<ListedSession>> {
        let sql = dialect::among(
            self,
            "SELECT id, identity_id, device, address, created_at, last_seen_at FROM sessions \
             WHERE identity_id IN (SELECT id FROM among) AND realm_id = $2 AND expires_at > $3 AND last_seen_at > $4 ORDER BY last_seen_at DESC, id DESC",
        );
        let ids = dialect::ids(identities.iter().map(|id| id.get()));
        let sql = sqlx::AssertSqlSafe(sql.as_str());
        let rows =
            fetch_all!(self, (i64, i64, String, String, i64, i64), sql, ids.as_str(), realm.get(), now.micros(), idle_since.micros());
        Ok(rows
            .into_iter()
            .map(|(id, identity, device, address, created_at, last_seen_at)| ListedSession {
                id: SessionId::from_i64(id),
                identity: IdentityId::from_i64(identity),
                device,
                address,
                created_at: Timestamp::from_micros(created_at),
                last_seen_at: Timestamp::from_micros(last_seen_at),
            })
            .collect())
    }

    /// Whose session it is.
    pub async fn session_owner(&mut self, realm: RealmId, id: SessionId) -> Result<Option<IdentityId>> {
        let row = fetch_optional!(self, (i64,), "SELECT identity_id FROM sessions WHERE id = $1 AND realm_id = $2", id.get(), realm.get());
        Ok(row.map(|(identity,)| IdentityId::from_i64(identity)))
    }

    /// Notes that the person has just used a passkey.
    pub async fn verify_session(&mut self, id: SessionId, now: Timestamp) -> Result<()> {
        execute!(self, "UPDATE sessions SET verified_at = $2, last_seen_at = $2 WHERE id = $1", id.get(), now.micros());
        Ok(())
    }

    /// Lets the session act in another realm than its own, or with `None` in its own again.
    pub async fn enter_realm(&mut self, id: SessionId, realm: Option<RealmId>) -> Result<()> {
        execute!(self, "UPDATE sessions SET acting_realm_id = $2 WHERE id = $1", id.get(), realm.map(RealmId::get));
        Ok(())
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
