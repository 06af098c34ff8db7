//! API tokens, found by the hash of their secret, and the secret of each realm's application.

use domain::permission::Permissions;
use domain::token::{ApiToken, Ranges, Scopes};
use domain::{ApplicationId, RealmId, TenantId, Timestamp, TokenId};

use crate::{Error, Result, Tx};

/// A token about to be inserted.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    pub id: TokenId,
    pub realm: RealmId,
    pub token_hash: [u8; 32],
    pub name: String,
    pub scopes: Permissions,
    pub everywhere: bool,
    pub ranges: Ranges,
    pub created_by: String,
    /// Whether it was had for the application's secret.
    pub of_client: bool,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

/// A token with what decides what it is good for.
#[derive(Debug, Clone)]
pub struct StoredToken {
    pub token: ApiToken,
    pub realm: RealmId,
    pub tenant: TenantId,
    pub ranges: Ranges,
}

/// The secret of a realm's application, as far as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredClient {
    pub secret_hash: Vec<u8>,
    pub scopes: Permissions,
    pub created_by: String,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    realm_id: i64,
    tenant_id: i64,
    name: String,
    scopes: String,
    everywhere: bool,
    addresses: String,
    created_by: String,
    of_client: bool,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
}

impl TryFrom<Row> for StoredToken {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let ranges = Ranges::parse(&row.addresses).map_err(|_| Error::Corrupt("token addresses"))?;
        let token = ApiToken {
            id: TokenId::from_i64(row.id),
            name: row.name,
            scopes: Scopes::kept(&row.scopes),
            everywhere: row.everywhere,
            addresses: ranges.texts(),
            created_by: row.created_by,
            application: row.of_client.then_some(ApplicationId::from_i64(row.realm_id)),
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
        };
        Ok(Self { token, realm: RealmId::from_i64(row.realm_id), tenant: TenantId::from_i64(row.tenant_id), ranges })
    }
}

macro_rules! select_tokens {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.realm_id, r.tenant_id, t.name, t.scopes, t.everywhere, t.addresses, t.created_by, t.of_client, ",
            "t.created_at, t.expires_at, t.last_used_at FROM api_tokens t JOIN realms r ON r.id = t.realm_id ",
            $rest
        )
    };
}

impl Tx {
    pub async fn insert_token(&mut self, new: &NewApiToken) -> Result<()> {
        let sql = "INSERT INTO api_tokens (id, realm_id, token_hash, name, scopes, everywhere, addresses, created_by, of_client, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        execute!(
            self,
            sql,
            new.id.get(),
            new.realm.get(),
            new.token_hash.as_slice(),
            new.name.as_str(),
            Scopes::written(new.scopes),
            new.everywhere,
            new.ranges.texts().join(" "),
            new.created_by.as_str(),
            new.of_client,
            new.at.micros(),
            new.expires_at.micros()
        );
        Ok(())
    }

    pub async fn token_by_hash(&mut self, token_hash: &[u8; 32]) -> Result<Option<StoredToken>> {
        fetch_optional!(self, Row, select_tokens!("WHERE t.token_hash = $1"), token_hash.as_slice()).map(StoredToken::try_from).transpose()
    }

    /// The realm's tokens that were made by hand: those that are good at this time, then the others, each the newest first.
    pub async fn tokens(&mut self, realm: RealmId, now: Timestamp, limit: u32) -> Result<Vec<ApiToken>> {
        let sql = select_tokens!("WHERE t.realm_id = $1 AND NOT t.of_client ORDER BY t.expires_at <= $2, t.id DESC LIMIT $3");
        fetch_all!(self, Row, sql, realm.get(), now.micros(), i64::from(limit))
            .into_iter()
            .map(|row| Ok(StoredToken::try_from(row)?.token))
            .collect()
    }

    /// The tokens that were had for the application's secret, the oldest first, and that are good at this time.
    pub async fn client_tokens(
        &mut self,
        realm: RealmId,
        now: Timestamp,
        after: Option<TokenId>,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<ApiToken>> {
        let sql =
            select_tokens!("WHERE t.realm_id = $1 AND t.of_client AND t.expires_at > $2 AND t.id > $3 ORDER BY t.id LIMIT $4 OFFSET $5");
        let after = after.map_or(0, TokenId::get);
        let rows = fetch_all!(self, Row, sql, realm.get(), now.micros(), after, i64::from(limit), i64::from(skip));
        rows.into_iter().map(|row| Ok(StoredToken::try_from(row)?.token)).collect()
    }

    /// How many of them there are.
    pub async fn client_tokens_in_all(&mut self, realm: RealmId, now: Timestamp) -> Result<u64> {
        let sql = "SELECT count(*) FROM api_tokens WHERE realm_id = $1 AND of_client AND expires_at > $2";
        let (count,) = fetch_one!(self, (i64,), sql, realm.get(), now.micros());
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// How many tokens that were made by hand are good at this time.
    pub async fn good_tokens(&mut self, realm: RealmId, now: Timestamp) -> Result<u64> {
        let sql = "SELECT count(*) FROM api_tokens WHERE realm_id = $1 AND NOT of_client AND expires_at > $2";
        let (count,) = fetch_one!(self, (i64,), sql, realm.get(), now.micros());
        Ok(u64::try_from(count).unwrap_or(0))
    }

    pub async fn token(&mut self, realm: RealmId, id: TokenId) -> Result<Option<ApiToken>> {
        let row = fetch_optional!(self, Row, select_tokens!("WHERE t.id = $1 AND t.realm_id = $2"), id.get(), realm.get());
        row.map(|row| Ok(StoredToken::try_from(row)?.token)).transpose()
    }

    pub async fn delete_token(&mut self, realm: RealmId, id: TokenId) -> Result<bool> {
        Ok(execute!(self, "DELETE FROM api_tokens WHERE id = $1 AND realm_id = $2", id.get(), realm.get()) == 1)
    }

    pub async fn touch_token(&mut self, id: TokenId, now: Timestamp) -> Result<()> {
        execute!(self, "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1", id.get(), now.micros());
        Ok(())
    }

    /// Removes tokens whose time was over then; those of an application as soon as it is over.
    pub async fn sweep_tokens(&mut self, now: Timestamp, long_ago: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM api_tokens WHERE expires_at <= $2 OR (of_client AND expires_at <= $1)";
        Ok(execute!(self, sql, now.micros(), long_ago.micros()))
    }

    /// The secret of the realm's application, where it has one.
    pub async fn api_client(&mut self, realm: RealmId) -> Result<Option<StoredClient>> {
        let sql = "SELECT secret_hash, scopes, created_by, created_at FROM api_clients WHERE realm_id = $1";
        let row = fetch_optional!(self, (Vec<u8>, String, String, i64), sql, realm.get());
        Ok(row.map(|(secret_hash, scopes, created_by, created_at)| StoredClient {
            secret_hash,
            scopes: Scopes::kept(&scopes),
            created_by,
            created_at: Timestamp::from_micros(created_at),
        }))
    }

    /// Gives the realm's application a secret; one that it had is good no more.
    pub async fn set_api_client(&mut self, realm: RealmId, client: &StoredClient) -> Result<()> {
        let sql = "INSERT INTO api_clients (realm_id, secret_hash, scopes, created_by, created_at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (realm_id) DO UPDATE SET secret_hash = excluded.secret_hash, scopes = excluded.scopes, \
            created_by = excluded.created_by, created_at = excluded.created_at";
        let StoredClient { secret_hash, scopes, created_by, created_at } = client;
        execute!(self, sql, realm.get(), secret_hash.as_slice(), Scopes::written(*scopes), created_by.as_str(), created_at.micros());
        Ok(())
    }

    /// Takes the secret away, and every token that was had for it; `false` where there is none. The secret goes first:
    /// whoever was being given a token for it has it by then, and loses it with the others.
    pub async fn delete_api_client(&mut self, realm: RealmId) -> Result<bool> {
        let gone = execute!(self, "DELETE FROM api_clients WHERE realm_id = $1", realm.get()) == 1;
        execute!(self, "DELETE FROM api_tokens WHERE realm_id = $1 AND of_client", realm.get());
        Ok(gone)
    }
}
