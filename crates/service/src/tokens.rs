//! API tokens: made, listed, revoked, and what a request that comes with one may do.

mod bearer;
mod client;

use domain::event::EventKind;
use domain::permission::{Permission, Permissions};
use domain::token::{ApiClient, ApiToken, NewToken, TokenDesk, TokenForm};
use domain::{ApplicationId, FieldError, RealmId, TokenId};
use storage::{NewApiToken, Tx};

use crate::realms::tenant_of;
use crate::work::{Target, Told, Work};
use crate::{Context, Error, Result, Secret};

pub(crate) use bearer::HeldToken;
pub use bearer::{Pace, Place};
pub use client::{ClientError, Issued};

/// As many tokens as the page shows, and no more that are good at once: none is out of reach of whoever revokes it.
const MOST: u32 = 200;
const TOO_MANY: &str =
    "This realm has 200 tokens that are good, as many as there can be. Revoke one that is no longer used, then make this one.";
/// What a token begins with, so that whoever finds one knows what it is (and programs that look for secrets do).
const PREFIX: &str = "keyroll_";

impl Context {
    /// The realm's tokens and the application's secret, as far as they may be seen.
    pub async fn token_desk(&self) -> Result<TokenDesk> {
        let realm = self.allow(Permission::TokensRead)?;
        let may_everywhere = self.refuse_beyond_home(realm).await.is_ok();
        let mut tx = self.read().await?;
        let api = self.keyroll().api_address(tenant_of(&mut tx, realm).await?, realm);
        let tokens = tx.tokens(realm, self.now(), MOST).await?;
        let client = client_of(&mut tx, realm).await?;
        Ok(TokenDesk { tokens, client, api, now: self.now(), may_everywhere })
    }

    /// Makes a token of this realm: the only time that its secret is seen. Nobody gives away more than they have.
    pub async fn create_token(&self, form: &TokenForm) -> Result<NewToken> {
        let realm = self.allow_after_touch(Permission::TokensCreate)?;
        let profile = form.parse().map_err(Error::Invalid)?;
        self.refuse_to_give(profile.scopes)?;
        if profile.everywhere {
            self.refuse_beyond_home(realm).await?;
        }
        let mut work = self.work(realm).await?;
        tenant_of(&mut work.tx, realm).await?;
        let (secret, now) = (work.token(), work.now);
        work.tx.lock_realm(realm).await?;
        if work.tx.good_tokens(realm, now).await? >= u64::from(MOST) {
            return Err(Error::Conflict(TOO_MANY));
        }
        let new = NewApiToken {
            id: TokenId::from_i64(work.id()),
            realm,
            token_hash: secret.hash(),
            name: profile.name,
            scopes: profile.scopes,
            everywhere: profile.everywhere,
            ranges: profile.ranges,
            created_by: self.actor().name().to_owned(),
            of_client: false,
            at: now,
            expires_at: now + profile.lifetime,
        };
        let token = work.keep_token(&new).await?;
        work.commit().await?;
        Ok(NewToken { token, secret: secret.reveal().to_owned() })
    }

    /// Revokes a token, at once and for good.
    pub async fn revoke_token(&self, id: TokenId) -> Result<()> {
        let realm = self.allow_after_touch(Permission::TokensDelete)?;
        let mut work = self.work(realm).await?;
        let token = work.tx.token(realm, id).await?.ok_or(Error::NotFound("token"))?;
        if !work.tx.delete_token(realm, id).await? {
            return Err(Error::NotFound("token"));
        }
        work.tell(Told::new(EventKind::TokenRevoked, Target::Token(id), &token.name)).await?;
        work.commit().await
    }

    /// Refuses to give away what one does not have oneself.
    pub(super) fn refuse_to_give(&self, scopes: Permissions) -> Result<()> {
        if scopes.is_within(self.permissions()) {
            return Ok(());
        }
        Err(Error::Invalid(vec![FieldError::new("scopes", "Some of these are more than you may do yourself. Leave them out.")]))
    }

    /// Refuses to reach beyond the realm of anybody but the administrators' own.
    async fn refuse_beyond_home(&self, realm: RealmId) -> Result<()> {
        let may = self.permissions().contains(Permission::RealmsEnter) && self.keyroll().realm().await? == realm;
        if may {
            return Ok(());
        }
        let words = "A token for every realm is made in the administrators’ own realm, by a full administrator. Let it work in this one.";
        Err(Error::Invalid(vec![FieldError::new("everywhere", words)]))
    }
}

impl Work {
    /// A token's secret.
    fn token(&self) -> Secret {
        Secret::marked(PREFIX, &self.secret())
    }

    /// Inserts a token with the event of it.
    async fn keep_token(&mut self, new: &NewApiToken) -> Result<ApiToken> {
        self.tx.insert_token(new).await?;
        let told = Told::new(EventKind::TokenCreated, Target::Token(new.id), &new.name);
        let told =
            told.with("scopes", domain::token::Scopes::written(new.scopes)).with("realms", if new.everywhere { "all" } else { "one" });
        self.tell(told.with("addresses", new.ranges.texts().join(" "))).await?;
        self.tx.token(new.realm, new.id).await?.ok_or(Error::Internal("a token just made is gone"))
    }
}

/// The application of a realm: there is one, whether or not it has a secret.
pub(crate) async fn client_of(tx: &mut Tx, realm: RealmId) -> Result<ApiClient> {
    let stored = tx.api_client(realm).await?;
    let scopes = stored.as_ref().map_or(Permissions::NONE, |client| client.scopes);
    Ok(ApiClient { id: application_of(realm), scopes, secret: stored.map(|client| (client.created_at, client.created_by)) })
}

/// Each realm's one application is named by the realm's own number.
pub(crate) const fn application_of(realm: RealmId) -> ApplicationId {
    ApplicationId::from_i64(realm.get())
}
