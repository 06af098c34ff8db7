//! Who asks, where, and what they may: the first argument of every use case.

use domain::event::EventActor;
use domain::permission::{Permission, Permissions};
use domain::{ApplicationId, IdentityId, RealmId, Timestamp, TokenId};

use crate::idempotency::Once;
use crate::session::HeldSession;
use crate::tokens::HeldToken;
use crate::work::Work;
use crate::{Error, Keyroll, Result};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A browser that has not signed in; in an enrollment, the holder of a link.
    Anonymous,
    /// A signed-in person.
    Person { identity: IdentityId, name: String, username: String },
    /// A program that calls the management API with a token; with the application whose secret it had it for.
    Token { id: TokenId, name: String, application: Option<ApplicationId> },
    /// A program that presents an application's secret.
    Client(ApplicationId),
    /// Whoever runs the command line on the machine itself.
    Operator,
    /// Keyroll itself, on a schedule.
    System,
    /// Whoever asked for what is done without them, as the log names them.
    Absent { party: EventActor, name: String },
}

impl Actor {
    /// As events name it.
    pub(crate) fn party(&self) -> EventActor {
        match self {
            Self::Anonymous => EventActor::Anonymous,
            Self::Person { identity, .. } => EventActor::Identity(*identity),
            Self::Token { id, .. } => EventActor::Token(*id),
            Self::Client(id) => EventActor::Client(*id),
            Self::Operator => EventActor::Operator,
            Self::System => EventActor::System,
            Self::Absent { party, .. } => *party,
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Anonymous => "Link holder",
            Self::Person { name, .. } | Self::Token { name, .. } | Self::Absent { name, .. } => name,
            Self::Client(_) => "Keyroll Management API",
            Self::Operator => "Command line",
            Self::System => "Keyroll",
        }
    }
}

/// The request that a use case runs for, for events and logs.
#[derive(Debug, Clone, Default)]
pub struct RequestInfo {
    pub id: String,
    /// The peer's address in text; empty where there is none.
    pub address: String,
    pub user_agent: String,
}

/// The actor, the realm, the permissions, the clock (by way of [`Keyroll`]) and the request.
#[derive(Clone)]
pub struct Context {
    pub(crate) keyroll: Keyroll,
    pub(crate) actor: Actor,
    /// `None` for an anonymous actor: a link or a passkey tells the realm.
    pub(crate) realm: Option<RealmId>,
    pub(crate) permissions: Permissions,
    /// Of a signed-in person.
    pub(crate) session: Option<HeldSession>,
    /// Of a program.
    pub(crate) token: Option<HeldToken>,
    /// Of a request that a program may send again.
    pub(crate) once: Option<Once>,
    pub(crate) request: RequestInfo,
}

impl Context {
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    #[must_use]
    pub fn request(&self) -> &RequestInfo {
        &self.request
    }

    /// Who acts, as the log of a realm names them.
    pub(crate) fn party_in(&self, realm: RealmId) -> EventActor {
        match (self.actor.party(), &self.session) {
            (EventActor::Identity(id), Some(session)) if session.realm != realm => EventActor::Administrator(id),
            (party, _) => party,
        }
    }

    /// The realm of the signed-in person themselves, where their entry and their passkeys are.
    #[must_use]
    pub fn own_realm(&self) -> Option<RealmId> {
        self.session.as_ref().map(|session| session.realm)
    }

    /// The realm to act in; `None` where nobody is signed in.
    #[must_use]
    pub fn realm(&self) -> Option<RealmId> {
        self.realm
    }

    /// What the actor may do.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }

    #[must_use]
    pub fn keyroll(&self) -> &Keyroll {
        &self.keyroll
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.keyroll.now()
    }

    /// The realm to act in, where the actor may do this.
    pub(crate) fn allow(&self, permission: Permission) -> Result<RealmId> {
        let realm = self.realm.ok_or(Error::SignedOut)?;
        if self.permissions.contains(permission) { Ok(realm) } else { Err(Error::Forbidden) }
    }

    /// Begins the one transaction of a use case.
    pub(crate) async fn work(&self, realm: RealmId) -> Result<Work> {
        Work::begin(self.clone(), realm).await
    }

    /// Refuses who may not do this, before anything else is looked at.
    pub fn need(&self, permission: Permission) -> Result<()> {
        self.allow(permission).map(|_| ())
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<storage::Tx> {
        Ok(self.keyroll.store().read().await?)
    }

    /// The same request with fewer permissions: what a lesser role may do.
    #[must_use]
    pub fn limited_to(&self, permissions: Permissions) -> Self {
        Self { permissions: permissions.and(self.permissions), ..self.clone() }
    }
}
