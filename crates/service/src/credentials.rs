//! Passkeys and binding jobs as programs read them: each below the identity that it is of.

use domain::permission::Permission;
use domain::record::{Job, Passkey};
use domain::{BindingJobId, IdentityId, PasskeyId, RealmId, Timestamp};
use storage::Tx;

use crate::api_lists::List;
use crate::webauthn::public_key;
use crate::{ApiPage, Context, Error, PageRequest, Result};

/// A passkey with its public key as others read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub passkey: Passkey,
    pub updated_at: Timestamp,
    /// A JWK (RFC 7517).
    pub jwk_json: String,
    /// RFC 7638.
    pub jwk_thumbprint: String,
}

impl Context {
    /// Passkeys of one identity, or of the realm, revoked ones included.
    pub async fn page_of_credentials(&self, identity: Option<IdentityId>, request: &PageRequest) -> Result<ApiPage<Credential>> {
        let realm = self.allow(Permission::CredentialsRead)?;
        let paging = self.plain_paging(request, realm, List::Passkeys(identity))?;
        let mut tx = self.read().await?;
        if let Some(identity) = identity {
            tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
        }
        let rows = tx.passkeys_by_id(realm, identity, paging.stretch(PasskeyId::from_i64)).await?;
        let total = tx.passkeys_in_all(realm, identity).await?;
        let credentials = credentials(&mut tx, realm, rows).await?;
        Ok(paging.page(credentials, total, |credential| credential.passkey.id.get()))
    }

    /// A passkey of this identity.
    pub async fn credential(&self, identity: IdentityId, id: PasskeyId) -> Result<Credential> {
        let realm = self.allow(Permission::CredentialsRead)?;
        credential(&mut self.read().await?, realm, identity, id).await
    }

    /// Revokes a passkey of this identity for good, and ends the sessions made with it.
    pub async fn revoke_credential(&self, identity: IdentityId, id: PasskeyId, reason: &str) -> Result<Credential> {
        let realm = self.allow(Permission::CredentialsRevoke)?;
        credential(&mut self.read().await?, realm, identity, id).await?;
        self.revoke_passkey(id, reason).await?;
        credential(&mut self.read().await?, realm, identity, id).await
    }

    /// A binding job of this identity.
    pub async fn binding_job(&self, identity: IdentityId, id: BindingJobId) -> Result<Job> {
        let realm = self.allow(Permission::BindingJobsRead)?;
        job_of(&mut self.read().await?, realm, identity, id).await
    }

    /// Takes back the link of a job of this identity.
    pub async fn revoke_binding_job(&self, identity: IdentityId, id: BindingJobId) -> Result<Job> {
        let realm = self.allow(Permission::BindingJobsRevoke)?;
        job_of(&mut self.read().await?, realm, identity, id).await?;
        self.revoke_job(id).await
    }
}

async fn credential(tx: &mut Tx, realm: RealmId, identity: IdentityId, id: PasskeyId) -> Result<Credential> {
    let passkey = tx.passkey(realm, id).await?.filter(|passkey| passkey.identity == identity);
    let found = credentials(tx, realm, passkey.into_iter().collect()).await?;
    found.into_iter().next().ok_or(Error::NotFound("credential"))
}

/// The keys to these passkeys.
async fn credentials(tx: &mut Tx, realm: RealmId, passkeys: Vec<Passkey>) -> Result<Vec<Credential>> {
    let ids: Vec<_> = passkeys.iter().map(|passkey| passkey.id).collect();
    let stored = tx.credentials(realm, &ids).await?;
    let of = |passkey: Passkey| {
        let (_, credential, updated_at) = stored.iter().find(|(id, ..)| *id == passkey.id)?;
        Some(public_key(credential).map(|(jwk_json, jwk_thumbprint)| Credential {
            passkey,
            updated_at: *updated_at,
            jwk_json,
            jwk_thumbprint,
        }))
    };
    Ok(passkeys.into_iter().filter_map(of).collect::<std::result::Result<_, _>>()?)
}

async fn job_of(tx: &mut Tx, realm: RealmId, identity: IdentityId, id: BindingJobId) -> Result<Job> {
    tx.job(realm, id).await?.filter(|job| job.identity == identity).ok_or(Error::NotFound("credential binding job"))
}
