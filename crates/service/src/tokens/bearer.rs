//! What a request with a token may do (RFC 6750): the token tells the tenant, the realms, the scopes and the addresses.

use domain::time::Span;
use domain::{ApplicationId, RealmId, TenantId, Timestamp, TokenId};

use crate::context::Actor;
use crate::{Context, Error, Keyroll, RequestInfo, Result, Secret};

/// Use is written down this often at most.
const TOUCH: Span = Span::minutes(1);

/// The token that a request came with.
#[derive(Clone, Copy)]
pub(crate) struct HeldToken {
    pub(crate) id: TokenId,
    tenant: TenantId,
    /// The one that it was made in.
    realm: RealmId,
    everywhere: bool,
    /// Made of its secret: nobody else can make it.
    pub(crate) answer_key: [u8; 32],
}

/// Who goes at one pace: a token, or an application with all the tokens that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pace {
    Token(TokenId),
    Application(ApplicationId),
}

/// What an address of the management API names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Tenant(TenantId),
    Realm(TenantId, RealmId),
}

impl Keyroll {
    /// The context of a request with this token; `None` where there is none, or its time is over.
    pub async fn context_for_token(&self, token: &str, request: RequestInfo) -> Result<Option<Context>> {
        let secret = Secret::presented(token);
        let (token_hash, answer_key) = (secret.hash(), secret.derived("answers"));
        let Some(stored) = self.store().read().await?.token_by_hash(&token_hash).await? else { return Ok(None) };
        let (token, now) = (stored.token, self.now());
        if now >= token.expires_at {
            return Ok(None);
        }
        if !stored.ranges.cover(&request.address) {
            return Err(Error::Forbidden);
        }
        self.touch_token(token.id, token.last_used_at, now).await?;
        let permissions = if token.everywhere { token.scopes } else { token.scopes.within_realm() };
        let held = HeldToken { id: token.id, tenant: stored.tenant, realm: stored.realm, everywhere: token.everywhere, answer_key };
        let actor = Actor::Token { id: token.id, name: token.name, application: token.application };
        Ok(Some(Context { actor, realm: Some(stored.realm), permissions, token: Some(held), ..self.anonymous(request) }))
    }

    async fn touch_token(&self, id: TokenId, last_used_at: Option<Timestamp>, now: Timestamp) -> Result<()> {
        if last_used_at.is_some_and(|last| now < last + TOUCH) {
            return Ok(());
        }
        let mut tx = self.store().write().await?;
        tx.touch_token(id, now).await?;
        Ok(tx.commit().await?)
    }
}

impl Context {
    /// The same request, where it says that it acts: refused where the token does not reach there. A realm that is not
    /// there reads as one that the token does not know.
    pub async fn at(&self, place: Place) -> Result<Self> {
        let token = self.token.ok_or(Error::SignedOut)?;
        let (tenant, realm) = match place {
            Place::Tenant(tenant) => (tenant, token.realm),
            Place::Realm(tenant, realm) => (tenant, realm),
        };
        if tenant != token.tenant || (realm != token.realm && !token.everywhere) {
            return Err(Error::Forbidden);
        }
        if realm != token.realm && self.read().await?.tenant_of(realm).await? != Some(tenant) {
            return Err(Error::NotFound("realm"));
        }
        Ok(Self { realm: Some(realm), ..self.clone() })
    }

    /// Whose requests are counted together with this one.
    #[must_use]
    pub fn pace(&self) -> Option<Pace> {
        match (self.token, self.actor()) {
            (_, Actor::Token { application: Some(application), .. }) => Some(Pace::Application(*application)),
            (Some(token), _) => Some(Pace::Token(token.id)),
            (None, _) => None,
        }
    }
}
