//! Passkeys: reading, renaming, revoking.

use domain::event::EventKind;
use domain::passkey::{PasskeyName, RevokeReason};
use domain::permission::Permission;
use domain::record::Passkey;
use domain::{FieldError, IdentityId, PasskeyId};

use crate::context::Actor;
use crate::work::{Target, Told};
use crate::{Context, Error, Result};

impl Context {
    /// An identity's passkeys, the newest first, revoked ones included.
    pub async fn passkeys_of(&self, identity: IdentityId) -> Result<Vec<Passkey>> {
        let realm = self.allow(Permission::CredentialsRead)?;
        let mut tx = self.read().await?;
        tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
        Ok(tx.passkeys_of(realm, identity).await?)
    }

    /// Gives an active passkey another name.
    pub async fn rename_passkey(&self, id: PasskeyId, name: &str) -> Result<Passkey> {
        let realm = self.allow(Permission::CredentialsUpdate)?;
        let name = PasskeyName::parse(name).map_err(|words| Error::Invalid(vec![FieldError::new("name", words)]))?;
        let mut work = self.work(realm).await?;
        let before = work.tx.passkey(realm, id).await?.ok_or(Error::NotFound("passkey"))?;
        let now = work.now;
        if !work.tx.rename_passkey(realm, id, name.as_str(), now).await? {
            return Err(Error::Conflict("This passkey is revoked. Its name stays as it was."));
        }
        if before.name != name.as_str() {
            let told = Told::new(EventKind::PasskeyRenamed, Target::Passkey(id), name.as_str()).of(before.identity);
            work.tell(told.changed("name", &before.name, name.as_str())).await?;
        }
        let passkey = work.tx.passkey(realm, id).await?.ok_or(Error::NotFound("passkey"))?;
        work.commit().await?;
        Ok(passkey)
    }

    /// Revokes for good, and ends the sessions made with it.
    pub async fn revoke_passkey(&self, id: PasskeyId, reason: &str) -> Result<Passkey> {
        let realm = self.allow_after_touch(Permission::CredentialsRevoke)?;
        let reason = RevokeReason::parse(reason).map_err(|words| Error::Invalid(vec![FieldError::new("reason", words)]))?;
        let mut work = self.work(realm).await?;
        let lockout = work.before_lockout(realm).await?;
        let passkey = work.tx.passkey(realm, id).await?.ok_or(Error::NotFound("passkey"))?;
        let owner = work.tx.identity(realm, passkey.identity).await?.ok_or(Error::NotFound("passkey"))?;
        self.refuse_above(&mut work.tx, realm, owner.id).await?;
        let own = matches!(self.actor, Actor::Person { identity, .. } if identity == owner.id);
        if own && owner.passkeys <= 1 && passkey.revoked.is_none() {
            return Err(Error::Conflict("This is your last passkey: without it you could not sign in again. Add another one first."));
        }
        let now = work.now;
        if !work.tx.revoke_passkey(realm, id, reason.as_str(), now).await? {
            return Err(Error::Conflict("This passkey is revoked already."));
        }
        work.tx.refresh_enrollment(owner.id).await?;
        work.refuse_lockout(lockout).await?;
        let told = Told::new(EventKind::PasskeyRevoked, Target::Passkey(id), &passkey.name).of(owner.id);
        work.tell(told.with("reason", reason.as_str())).await?;
        let passkey = work.tx.passkey(realm, id).await?.ok_or(Error::NotFound("passkey"))?;
        work.commit().await?;
        Ok(passkey)
    }
}
