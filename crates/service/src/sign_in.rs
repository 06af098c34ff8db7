//! Signing in with a passkey, and out again.

use domain::ceremony::{Accepted, Ceremony, Me};
use domain::event::EventKind;
use domain::identity::{Status, Username};
use domain::permission::{Permission, Permissions};
use domain::policy::Outcome;
use domain::realm::Place;
use domain::record::Identity;
use domain::time::Span;
use domain::{IdentityId, RealmId, Timestamp};
use serde_json::Value;
use storage::{CeremonyKind, StoredPasskey, Tx};
use uuid::Uuid;

use crate::branding::branding_of;
use crate::context::Actor;
use crate::limits::Tried;
use crate::webauthn::{Begun, TIMEOUT, Verified, WebauthnError};
use crate::work::{Target, Told};
use crate::{Context, Error, Keyroll, Result, Secret, session};

/// A browser that has just signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// For the session cookie, and nowhere else.
    pub token: Secret,
    pub me: Me,
}

/// A passkey's owner, as the sign-in finds them.
pub(crate) struct Owner {
    pub(crate) realm: RealmId,
    pub(crate) identity: Identity,
    pub(crate) passkey: StoredPasskey,
}

/// The user handle of a person: fixed, and telling nothing about them (Web Authentication Level 3, §14.6.1).
pub(crate) fn user_handle(realm: RealmId, identity: IdentityId) -> Uuid {
    Uuid::from_u64_pair(realm.get().unsigned_abs(), identity.get().unsigned_abs())
}

/// When a ceremony that begins now is over: a little later than the browser's own time.
pub(crate) fn ceremony_end(now: Timestamp) -> Timestamp {
    now + Span::seconds(i64::try_from(TIMEOUT.as_secs()).unwrap_or(0)) + Span::seconds(30)
}

/// Reads what a browser answered; its size is the edge's concern.
pub(crate) fn parse_answer(response: &str) -> Result<Value> {
    serde_json::from_str(response).map_err(|_| WebauthnError::Malformed("response").into())
}

impl Keyroll {
    /// Keeps the state of a ceremony under a new secret, which goes to the browser with the options.
    pub(crate) async fn keep_ceremony(&self, tx: &mut Tx, kind: CeremonyKind, begun: &Begun) -> Result<Ceremony> {
        let id = Secret::random(&self.parts().randomness);
        let kept = storage::Ceremony { kind, state: begun.state.clone(), expires_at: ceremony_end(self.now()) };
        tx.insert_ceremony(&id.hash(), &kept).await?;
        Ok(Ceremony { id: id.reveal().to_owned(), options: begun.options.to_string() })
    }

    /// Takes the ceremony out before its answer is looked at: whoever comes second finds nothing.
    pub(crate) async fn take_ceremony(&self, id: &str, kind: &CeremonyKind) -> Result<String> {
        let mut tx = self.store().write().await?;
        let kept = tx.take_ceremony(&Secret::presented(id).hash()).await?;
        tx.commit().await?;
        let fits = kept.filter(|kept| kept.kind == *kind && self.now() < kept.expires_at);
        fits.map(|kept| kept.state).ok_or(Error::CeremonyOver)
    }
}

impl Context {
    /// Begins a sign-in. The options name nobody: they are the same whoever asks, and whether or not there is such a
    /// person.
    pub async fn begin_sign_in(&self) -> Result<Ceremony> {
        let begun = self.keyroll.parts().relying_party.begin_authentication()?;
        let mut tx = self.keyroll.store().write().await?;
        self.take_try(&mut tx, Tried::SignIn).await?;
        let ceremony = self.keyroll.keep_ceremony(&mut tx, CeremonyKind::SignIn, &begun).await?;
        tx.commit().await?;
        Ok(ceremony)
    }

    /// Verifies the answer (`AuthenticationResponseJSON`, Web Authentication Level 3, §7.2), asks the policy, and opens
    /// a session. With a username the passkey has to be that person's.
    pub async fn finish_sign_in(&self, ceremony: &str, username: &str, response: &str) -> Result<SignedIn> {
        let answer = parse_answer(response)?;
        self.limit(Tried::SignIn).await?;
        let state = self.keyroll.take_ceremony(ceremony, &CeremonyKind::SignIn).await?;
        let (owner, verified) = self.verified(&state, &answer, username).await?;
        self.admit(owner, verified).await
    }

    /// The passkey's owner, where the answer holds and the passkey is theirs and active.
    pub(crate) async fn verified(&self, state: &str, answer: &Value, username: &str) -> Result<(Owner, Verified)> {
        let relying_party = &self.keyroll.parts().relying_party;
        let claimed = relying_party.claimed(answer)?;
        let owner = self.owner(&claimed.credential_id).await?;
        let handle = user_handle(owner.realm, owner.identity.id);
        let verified = match relying_party.finish_authentication(state, answer, handle, &owner.passkey.credential) {
            Ok(verified) => verified,
            Err(error) => return Err(self.refuse(&owner, error.code(), error.into()).await),
        };
        if !owner.passkey.active {
            return Err(self.refuse(&owner, "revoked", Error::PasskeyUnknown).await);
        }
        if !is_named(username, &owner.identity) {
            return Err(self.refuse(&owner, "username", Error::SignInRefused).await);
        }
        Ok((owner, verified))
    }

    async fn owner(&self, credential_id: &[u8]) -> Result<Owner> {
        let mut tx = self.read().await?;
        let passkey = tx.stored_passkey(credential_id).await?.ok_or(Error::PasskeyUnknown)?;
        let realm = tx.realm_of(passkey.identity).await?.ok_or(Error::PasskeyUnknown)?;
        let identity = tx.identity(realm, passkey.identity).await?.ok_or(Error::PasskeyUnknown)?;
        Ok(Owner { realm, identity, passkey })
    }

    /// Writes down that a sign-in was refused, and gives the reason back.
    async fn refuse(&self, owner: &Owner, reason: &str, error: Error) -> Error {
        let written = async {
            self.limit(Tried::Refused(owner.identity.id)).await?;
            let mut work = self.work(owner.realm).await?;
            let told = Told::new(EventKind::SignInDenied, Target::Identity(owner.identity.id), &owner.identity.display_name);
            work.tell(told.denied().with("reason", reason)).await?;
            work.commit().await
        };
        written.await.err().unwrap_or(error)
    }

    /// The last step: what the use changed, the policy's word, the session.
    async fn admit(&self, owner: Owner, verified: Verified) -> Result<SignedIn> {
        let (realm, passkey, identity) = (owner.realm, owner.passkey, owner.identity);
        let mut work = self.work(realm).await?;
        // Again, under the transaction: what was read before the verification may have changed.
        let identity = work.tx.identity(realm, identity.id).await?.ok_or(Error::PasskeyUnknown)?;
        let now = work.now;
        if !work.tx.use_passkey(passkey.id, &passkey.credential, &verified.credential, verified.backup_state, now).await? {
            return Err(Error::CeremonyOver);
        }
        work.act_as(Actor::Person { identity: identity.id, name: identity.display_name.clone(), username: identity.username.clone() });
        let presented = work.tx.presented_passkey(passkey.id).await?.ok_or(Error::PasskeyUnknown)?;
        let access = session::access(&mut work.tx, realm, identity.id, identity.status, &presented).await?;
        let kind = if access.is_allowed() { EventKind::SignInAllowed } else { EventKind::SignInDenied };
        let told = Told::new(kind, Target::Identity(identity.id), &identity.display_name).with("rule", rule_of(access.outcome));
        if !access.is_allowed() {
            let reason = if access.outcome.is_allowed() { "no_role" } else { "" };
            work.tell(told.denied().with("reason", reason)).await?;
            work.commit().await?;
            return Err(Error::Denied(access.message));
        }
        work.tell(told.with("passkey", passkey.id.to_string())).await?;
        let token = session::open(&mut work, realm, identity.id, passkey.id).await?;
        let at_home = work.tx.first_realm().await? == Some(realm);
        let permissions = session::permissions_at(&access.roles, at_home);
        let me = me_in(&mut work.tx, (realm, realm), &identity, permissions).await?;
        work.commit().await?;
        Ok(SignedIn { token, me })
    }

    /// Ends this browser's session. Nobody signed in is no error: the wish is fulfilled.
    pub async fn sign_out(&self) -> Result<()> {
        let (Some(id), Some(realm), Actor::Person { identity, name, .. }) = (self.session_id(), self.own_realm(), &self.actor) else {
            return Ok(());
        };
        let mut work = self.work(realm).await?;
        if work.tx.end_session(id).await? {
            work.tell(Told::new(EventKind::SignedOut, Target::Identity(*identity), name)).await?;
        }
        work.commit().await
    }

    /// Who is signed in.
    pub async fn me(&self) -> Result<Me> {
        let (Some(acting), Some(own), Actor::Person { identity, .. }) = (self.realm, self.own_realm(), &self.actor) else {
            return Err(Error::SignedOut);
        };
        let mut tx = self.read().await?;
        let identity = tx.identity(own, *identity).await?.ok_or(Error::SignedOut)?;
        me_in(&mut tx, (acting, own), &identity, self.permissions).await
    }

    /// What the signed-in person's own password manager should offer.
    pub async fn accepted(&self) -> Result<Accepted> {
        let (Some(realm), Actor::Person { identity, .. }) = (self.own_realm(), &self.actor) else { return Err(Error::SignedOut) };
        let mut tx = self.read().await?;
        let identity = tx.identity(realm, *identity).await?.ok_or(Error::SignedOut)?;
        accepted(&mut tx, self.keyroll.rp_id(), realm, &identity).await
    }
}

/// As many realms as the console's menu holds.
const OFFERED_REALMS: u32 = 20;

/// A signed-in person in the realm that they act in, beside their own.
async fn me_in(tx: &mut Tx, (acting, own): (RealmId, RealmId), identity: &Identity, permissions: Permissions) -> Result<Me> {
    let display_name = tx.realm_name(acting).await?.ok_or(Error::NotFound("realm"))?;
    let realms = match tx.tenant_of(acting).await? {
        Some(tenant) if permissions.contains(Permission::RealmsEnter) => tx.realms(tenant, None, 0, OFFERED_REALMS).await?,
        _ => Vec::new(),
    };
    Ok(Me {
        identity: identity.id,
        display_name: identity.display_name.clone(),
        username: identity.username.clone(),
        organization: branding_of(tx, acting).await?.organization,
        realm: Place { id: acting, display_name, own: acting == own },
        realms: realms.into_iter().map(|realm| (realm.id, realm.display_name)).collect(),
        permissions,
    })
}

/// What a person's password manager should offer for them.
pub(crate) async fn accepted(tx: &mut Tx, rp_id: &str, realm: RealmId, identity: &Identity) -> Result<Accepted> {
    let credential_ids = tx.active_credential_ids(identity.id).await?;
    Ok(Accepted {
        rp_id: rp_id.to_owned(),
        user_id: crate::secret::base64url(user_handle(realm, identity.id).as_bytes()),
        credential_ids: credential_ids.iter().map(|id| crate::secret::base64url(id)).collect(),
        username: identity.username.clone(),
        display_name: identity.display_name.clone(),
    })
}

/// Whether a typed username is the person's; nothing typed fits everyone.
fn is_named(typed: &str, identity: &Identity) -> bool {
    let key = |text: &str| Username::parse(text).map(|username| username.key()).ok();
    typed.trim().is_empty() || key(typed).is_some_and(|typed| key(&identity.username) == Some(typed))
}

/// The decision for the log: the rule that made it, counted from 1 as the console shows them.
pub(crate) fn rule_of(outcome: Outcome) -> String {
    match outcome {
        Outcome::ByRule(position, _) => (position + 1).to_string(),
        Outcome::NoRule => "none".to_owned(),
        Outcome::Suspended => Status::Suspended.to_string(),
    }
}
