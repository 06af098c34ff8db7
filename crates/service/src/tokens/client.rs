//! The realm's application and its secret: a program has tokens for it that last an hour (RFC 6749, §4.4).

use domain::event::EventKind;
use domain::permission::{Permission, Permissions};
use domain::time::Span;
use domain::token::{ApiClient, ApiToken, NewClientSecret, Ranges, Scopes};
use domain::{ApplicationId, FieldError, RealmId, TenantId, TokenId};
use storage::{NewApiToken, StoredClient, Tx};

use super::{application_of, client_of};
use crate::api_lists::List;
use crate::context::Actor;
use crate::work::{Target, Told};
use crate::{ApiPage, Context, Error, Keyroll, PageRequest, RequestInfo, Result, Secret};

/// How long such a token lasts.
const LIFETIME: Span = Span::hours(1);
const NAME: &str = "Keyroll Management API";

/// A token as it is handed out (RFC 6749, §5.1).
#[derive(Debug)]
pub struct Issued {
    pub access_token: Secret,
    pub lifetime: Span,
    pub scopes: Permissions,
}

/// Why none is handed out (RFC 6749, §5.2).
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("the client is unknown, or its secret is wrong")]
    InvalidClient,
    #[error("the scope is unknown, or more than the client has")]
    InvalidScope,
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<storage::Error> for ClientError {
    fn from(error: storage::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Context {
    /// Gives the realm's application a secret with these scopes: the only time that it is seen. One that it had before
    /// is good no more, and neither are its tokens.
    pub async fn create_client_secret(&self, scopes: &[String]) -> Result<NewClientSecret> {
        let realm = self.allow_after_touch(Permission::TokensCreate)?;
        let scopes = Scopes::read(scopes.iter().map(String::as_str));
        let scopes = scopes.map_err(|words| Error::Invalid(vec![FieldError::new("scopes", words)]))?;
        if scopes.within_realm() != scopes {
            let words = "The application is of this realm: what reaches beyond it needs a token for every realm.";
            return Err(Error::Invalid(vec![FieldError::new("scopes", words)]));
        }
        self.refuse_to_give(scopes)?;
        let mut work = self.work(realm).await?;
        let secret = work.secret();
        work.tx.delete_api_client(realm).await?;
        let created_by = self.actor().name().to_owned();
        let client = StoredClient { secret_hash: secret.hash().to_vec(), scopes, created_by, created_at: work.now };
        work.tx.set_api_client(realm, &client).await?;
        let told = Told::new(EventKind::ClientSecretCreated, Target::Realm, NAME);
        work.tell(told.with("scopes", Scopes::written(scopes))).await?;
        work.commit().await?;
        Ok(NewClientSecret { client_id: application_of(realm).to_string(), secret: secret.reveal().to_owned() })
    }

    /// Takes the application's secret away, and its tokens with it.
    pub async fn revoke_client_secret(&self) -> Result<()> {
        let realm = self.allow_after_touch(Permission::TokensDelete)?;
        let mut work = self.work(realm).await?;
        if !work.tx.delete_api_client(realm).await? {
            return Err(Error::NotFound("client secret"));
        }
        work.tell(Told::new(EventKind::ClientSecretRevoked, Target::Realm, NAME)).await?;
        work.commit().await
    }

    /// The realm's application.
    pub async fn api_client(&self, id: ApplicationId) -> Result<ApiClient> {
        let realm = self.allow(Permission::TokensRead)?;
        refuse_other(realm, id)?;
        client_of(&mut self.read().await?, realm).await
    }

    /// Revokes one of the application's tokens, at once and for good.
    pub async fn revoke_client_token(&self, id: ApplicationId, token: TokenId) -> Result<()> {
        let realm = self.allow(Permission::TokensDelete)?;
        refuse_other(realm, id)?;
        let found = self.read().await?.token(realm, token).await?;
        if found.is_none_or(|token| token.application.is_none()) {
            return Err(Error::NotFound("token"));
        }
        self.revoke_token(token).await
    }

    /// The application's tokens that are good now, the oldest first.
    pub async fn page_of_client_tokens(&self, id: ApplicationId, request: &PageRequest) -> Result<ApiPage<ApiToken>> {
        let realm = self.allow(Permission::TokensRead)?;
        refuse_other(realm, id)?;
        let paging = self.plain_paging(request, realm, List::ClientTokens)?;
        let (mut tx, now) = (self.read().await?, self.now());
        let stretch = paging.stretch(TokenId::from_i64);
        let tokens = tx.client_tokens(realm, now, stretch.after, stretch.skip, stretch.limit).await?;
        let total = tx.client_tokens_in_all(realm, now).await?;
        Ok(paging.page(tokens, total, |token| token.id.get()))
    }
}

fn refuse_other(realm: RealmId, id: ApplicationId) -> Result<()> {
    if id == application_of(realm) { Ok(()) } else { Err(Error::NotFound("application")) }
}

/// The application, where these are its client id and its secret.
async fn holder(
    tx: &mut Tx,
    tenant: TenantId,
    realm: RealmId,
    application: ApplicationId,
    (client_id, secret): (&str, &str),
) -> std::result::Result<StoredClient, ClientError> {
    let is_the_one = client_id.parse() == Ok(application) && application == application_of(realm);
    let is_of_tenant = tx.tenant_of(realm).await? == Some(tenant);
    let stored = tx.api_client(realm).await?.filter(|_| is_the_one && is_of_tenant);
    // Compared as hashes of 256 random bits: how far two of them agree tells nothing of the secret.
    let presented = Secret::presented(secret).hash();
    stored.filter(|client| client.secret_hash == presented).ok_or(ClientError::InvalidClient)
}

impl Keyroll {
    /// Whether these are an application's client id and its secret: before anybody waits for anybody.
    pub async fn check_client(
        &self,
        tenant: TenantId,
        realm: RealmId,
        application: ApplicationId,
        credentials: (&str, &str),
    ) -> std::result::Result<(), ClientError> {
        holder(&mut self.store().read().await?, tenant, realm, application, credentials).await.map(drop)
    }

    /// A token for the application's secret. `scope` holds names with spaces between; without it the token has all that the
    /// application has.
    pub async fn issue_token(
        &self,
        tenant: TenantId,
        realm: RealmId,
        application: ApplicationId,
        credentials: (&str, &str),
        scope: Option<&str>,
        request: RequestInfo,
    ) -> std::result::Result<Issued, ClientError> {
        let context = Context { actor: Actor::Client(application), realm: Some(realm), ..self.anonymous(request) };
        let mut work = context.work(realm).await?;
        work.tx.lock_api_client(realm).await?;
        let client = holder(&mut work.tx, tenant, realm, application, credentials).await?;
        let scopes = match scope.map(|scope| scope.split(' ').filter(|name| !name.is_empty())) {
            None => client.scopes,
            Some(names) => Scopes::read(names).map_err(|_| ClientError::InvalidScope)?,
        };
        if !scopes.is_within(client.scopes) {
            return Err(ClientError::InvalidScope);
        }
        let (access_token, now) = (work.token(), work.now);
        let new = NewApiToken {
            id: TokenId::from_i64(work.id()),
            realm,
            token_hash: access_token.hash(),
            name: NAME.to_owned(),
            scopes,
            everywhere: false,
            ranges: Ranges::default(),
            created_by: NAME.to_owned(),
            of_client: true,
            at: now,
            expires_at: now + LIFETIME,
        };
        work.keep_token(&new).await?;
        work.commit().await?;
        Ok(Issued { access_token, lifetime: LIFETIME, scopes })
    }
}
