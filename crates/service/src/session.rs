//! Sessions: signed-in browsers, and whether each still holds.

use domain::identity::Status;
use domain::permission::{Permission, Permissions};
use domain::policy::{Application, Outcome, Presented, Request};
use domain::role::{Role, permissions_of};
use domain::time::Span;
use domain::{IdentityId, PasskeyId, RealmId, SessionId, Timestamp};
use storage::{NewSession, StoredSession, Tx};

use crate::context::Actor;
use crate::work::Work;
use crate::{Context, Keyroll, RequestInfo, Result, Secret};

/// However busy it is, a session ends after this.
pub const SESSION_LIFETIME: Span = Span::hours(24);
/// A session that nobody uses ends after this.
pub(crate) const IDLE: Span = Span::minutes(15);
/// Use is written down this often at most.
const TOUCH: Span = Span::minutes(1);

/// The session that a request came with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeldSession {
    pub(crate) id: SessionId,
    /// The person's own.
    pub(crate) realm: RealmId,
    /// The one that it acts in.
    acting: RealmId,
    token_hash: [u8; 32],
    last_seen_at: Timestamp,
    /// When the person last used a passkey in it.
    pub(crate) verified_at: Timestamp,
}

/// How a session stands that something was begun with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Holds,
    /// It acts in another realm by now.
    Moved,
    Over,
}

/// What somebody finds at the console's door.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) outcome: Outcome,
    /// What a rule that denies wants the person to be told.
    pub(crate) message: Option<String>,
    pub(crate) roles: Vec<Role>,
}

impl Access {
    /// Somebody without a role could do nothing inside.
    pub(crate) fn is_allowed(&self) -> bool {
        self.outcome.is_allowed() && !self.roles.is_empty()
    }
}

impl Keyroll {
    /// The context of a request: of the signed-in person where the session holds, else of nobody.
    pub async fn context_for(&self, session: Option<&str>, request: RequestInfo) -> Result<Context> {
        let anonymous = self.anonymous(request);
        let Some(token) = session.filter(|token| !token.is_empty()) else { return Ok(anonymous) };
        let token_hash = Secret::presented(token).hash();
        let Some((session, access)) = self.holding(&token_hash).await? else { return Ok(anonymous) };
        let permissions = permissions_at(&access.roles, session.at_home);
        let acting = acting(&session, permissions);
        Ok(Context {
            actor: Actor::Person { identity: session.identity, name: session.display_name, username: session.username },
            realm: Some(acting),
            permissions,
            session: Some(HeldSession {
                id: session.id,
                realm: session.realm,
                acting,
                token_hash,
                last_seen_at: session.last_seen_at,
                verified_at: session.verified_at,
            }),
            ..anonymous
        })
    }

    /// The session, if nothing has ended it: time, suspension, a revoked passkey, the policy, or the loss of every role.
    async fn holding(&self, token_hash: &[u8; 32]) -> Result<Option<(StoredSession, Access)>> {
        let mut tx = self.store().read().await?;
        let Some(session) = tx.session(token_hash).await? else { return Ok(None) };
        let now = self.now();
        if now >= session.expires_at || now >= session.last_seen_at + IDLE {
            return Ok(None);
        }
        let access = access(&mut tx, session.realm, session.identity, session.status, &session.passkey).await?;
        Ok(access.is_allowed().then_some((session, access)))
    }
}

impl Context {
    /// How the session of this request stands by now: for what stays open longer than a request.
    pub async fn standing(&self) -> Result<Standing> {
        let Some(before) = &self.session else { return Ok(Standing::Over) };
        let Some((session, access)) = self.keyroll.holding(&before.token_hash).await? else { return Ok(Standing::Over) };
        let acting = acting(&session, permissions_at(&access.roles, session.at_home));
        Ok(if acting == before.acting { Standing::Holds } else { Standing::Moved })
    }

    /// Whether the session of this request still holds.
    pub async fn still_holds(&self) -> Result<bool> {
        Ok(self.standing().await? != Standing::Over)
    }

    /// Notes that the person did something, so that the session does not end for idleness.
    pub async fn touch_session(&self) -> Result<()> {
        let Some(session) = &self.session else { return Ok(()) };
        let now = self.now();
        if now < session.last_seen_at + TOUCH {
            return Ok(());
        }
        let mut tx = self.keyroll.store().write().await?;
        tx.touch_session(session.id, now).await?;
        Ok(tx.commit().await?)
    }

    /// The id of the session that this request came with.
    pub(crate) fn session_id(&self) -> Option<SessionId> {
        self.session.as_ref().map(|session| session.id)
    }
}

/// What somebody with these roles may do: what reaches beyond a realm, only by a role in the administrators' own.
pub(crate) fn permissions_at(roles: &[Role], at_home: bool) -> Permissions {
    let permissions = permissions_of(roles);
    if at_home { permissions } else { permissions.within_realm() }
}

/// The realm that a session acts in: its own, or the one that it has entered, as long as it may.
fn acting(session: &StoredSession, permissions: Permissions) -> RealmId {
    session.acting.filter(|_| permissions.contains(Permission::RealmsEnter)).unwrap_or(session.realm)
}

/// What the policy in force says of a person at the console's door with a passkey, and what they may do inside.
pub(crate) async fn access(tx: &mut Tx, realm: RealmId, identity: IdentityId, status: Status, passkey: &Presented) -> Result<Access> {
    let policy = tx.policy(realm).await?;
    let groups = tx.group_ids_of(identity).await?;
    let outcome = policy.evaluate(&Request { application: Application::Console, status, groups: &groups, passkey: Some(passkey) });
    let message = policy.message(outcome).map(str::to_owned);
    Ok(Access { outcome, message, roles: tx.roles_of(realm, identity).await? })
}

/// Signs a browser in, within the transaction that saw the passkey verified.
pub(crate) async fn open(work: &mut Work, realm: RealmId, identity: IdentityId, passkey: PasskeyId) -> Result<Secret> {
    let token = work.secret();
    let session = NewSession {
        id: SessionId::from_i64(work.id()),
        token_hash: token.hash(),
        realm,
        identity,
        passkey,
        device: work.device(),
        address: work.address(),
        at: work.now,
        expires_at: work.now + SESSION_LIFETIME,
    };
    work.tx.insert_session(&session).await?;
    Ok(token)
}
