//! Destructive acts ask for the passkey again: a console that was left open is not enough.

use domain::RealmId;
use domain::event::EventKind;
use domain::permission::Permission;
use domain::time::Span;
use storage::CeremonyKind;

use crate::context::{Actor, Context};
use crate::sign_in::parse_answer;
use crate::work::{Target, Told};
use crate::{Error, Result};

/// After this time the last touch of the passkey no longer counts.
const FRESH: Span = Span::minutes(10);

impl Context {
    /// The realm to act in, where the actor may do this and has used their passkey just now.
    pub(crate) fn allow_after_touch(&self, permission: Permission) -> Result<RealmId> {
        let realm = self.allow(permission)?;
        match &self.session {
            Some(session) if self.now() >= session.verified_at + FRESH => Err(Error::TouchNeeded),
            _ => Ok(realm),
        }
    }

    /// Verifies that the person of this session has used a passkey of theirs once more: the answer to a ceremony that
    /// [`Context::begin_sign_in`] began.
    pub async fn confirm(&self, ceremony: &str, response: &str) -> Result<()> {
        let (Some(realm), Some(session), Actor::Person { identity, name, .. }) = (self.own_realm(), self.session_id(), self.actor()) else {
            return Err(Error::SignedOut);
        };
        let answer = parse_answer(response)?;
        let state = self.keyroll.take_ceremony(ceremony, &CeremonyKind::SignIn).await?;
        let (owner, verified) = self.verified(&state, &answer, "").await?;
        if owner.identity.id != *identity {
            return Err(Error::SignInRefused);
        }
        let mut work = self.work(realm).await?;
        let (passkey, now) = (owner.passkey, work.now);
        if !work.tx.use_passkey(passkey.id, &passkey.credential, &verified.credential, verified.backup_state, now).await? {
            return Err(Error::CeremonyOver);
        }
        work.tx.verify_session(session, now).await?;
        let told = Told::new(EventKind::PasskeyConfirmed, Target::Identity(*identity), name);
        work.tell(told.with("passkey", passkey.id.to_string())).await?;
        work.commit().await
    }
}
