//! Keyroll as a whole: the database, the relying party, the clock, and who listens.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::permission::Permissions;
use domain::time::Span;
use domain::{RealmId, TenantId, Timestamp};
use storage::Store;
use tokio::sync::{Notify, broadcast};
use url::Url;

use crate::clock::Clock;
use crate::context::{Actor, Context, RequestInfo};
use crate::ids::Ids;
use crate::live::{Change, Heard, Live, News};
use crate::mail::MailSettings;
use crate::secret::Randomness;
use crate::webauthn::{RelyingParty, SetupError};
use crate::{Error, Result};

/// What an installation decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address under which browsers reach Keyroll; passkeys are bound to its host.
    pub public_url: Url,
    /// How long a link can be used.
    pub link_lifetime: Span,
    /// How long the audit log is kept; for ever where it is absent.
    pub events_retention: Option<Span>,
    /// How mails leave.
    pub mail: MailSettings,
    /// Whether whoever asks for a new link in place of one that ran out of time gets it by mail at once.
    pub grant_links: bool,
}

impl Settings {
    /// Links that last seven days, a log that is kept for ever, and mails that are written into files.
    #[must_use]
    pub fn new(public_url: Url) -> Self {
        let mail = MailSettings::into_files("data/outbox".into(), &public_url);
        Self { public_url, link_lifetime: Span::days(7), events_retention: None, mail, grant_links: false }
    }
}

/// Cheap to clone; every request has one.
#[derive(Clone)]
pub struct Keyroll(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    pub(crate) relying_party: RelyingParty,
    pub(crate) clock: Clock,
    pub(crate) randomness: Randomness,
    pub(crate) live: Live,
    /// Wakes the background task when something may end sooner than it thought.
    pub(crate) deadline_moved: Notify,
    /// Wakes the announcer to other processes.
    pub(crate) committed: Notify,
    /// Wakes the sealer.
    pub(crate) unsealed: Notify,
    /// Wakes whoever sends mails.
    pub(crate) mail_queued: Notify,
    /// Wakes whoever works on batches.
    pub(crate) batch_queued: Notify,
    /// The newest event that this process wrote or has heard of.
    pub(crate) latest_event: AtomicI64,
    ids: Ids,
}

impl Keyroll {
    pub fn new(store: Store, settings: Settings, clock: Clock, randomness: Randomness) -> std::result::Result<Self, SetupError> {
        let relying_party = RelyingParty::new(&settings.public_url, "Keyroll")?;
        let random = randomness.bytes();
        let ids = Ids::new(random);
        let process = u32::from_be_bytes([random[4], random[5], random[6], random[7]]);
        Ok(Self(Arc::new(Parts {
            store,
            settings,
            relying_party,
            clock,
            randomness,
            live: Live::new(process),
            deadline_moved: Notify::new(),
            committed: Notify::new(),
            unsealed: Notify::new(),
            mail_queued: Notify::new(),
            batch_queued: Notify::new(),
            latest_event: AtomicI64::new(0),
            ids,
        })))
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    #[must_use]
    pub fn public_url(&self) -> &Url {
        &self.0.settings.public_url
    }

    /// Where programs find a realm: what the addresses of its management API begin with.
    #[must_use]
    pub fn api_address(&self, tenant: TenantId, realm: RealmId) -> String {
        format!("{}/v1/tenants/{tenant}/realms/{realm}", self.public_url().origin().ascii_serialization())
    }

    /// The relying party's id, which browsers know the passkeys by.
    #[must_use]
    pub fn rp_id(&self) -> &str {
        self.0.relying_party.rp_id()
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn next_id(&self) -> i64 {
        self.0.ids.next(self.now())
    }

    /// Hears of every committed change from now on, and of where now is.
    #[must_use]
    pub fn changes(&self) -> (Heard, broadcast::Receiver<News>) {
        self.0.live.listen()
    }

    /// Where the news stand. A page that is about to be read knows everything up to here.
    #[must_use]
    pub fn heard(&self) -> Heard {
        self.0.live.heard()
    }

    pub(crate) fn announce(&self, change: Change) {
        self.0.live.announce(change);
    }

    /// Notes that this process knows of the event; `false` where it did before.
    pub(crate) fn note_event(&self, event: i64) -> bool {
        self.0.latest_event.fetch_max(event, Ordering::SeqCst) < event
    }

    /// The realm of a new installation.
    pub(crate) async fn realm(&self) -> Result<RealmId> {
        self.0.store.read().await?.first_realm().await?.ok_or(Error::Internal("no realm: the installation has not been prepared"))
    }

    /// Whether browsers reach Keyroll over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url().scheme() == "https"
    }

    /// A context for somebody who has not said who they are: sign-in and enrollment.
    #[must_use]
    pub fn anonymous(&self, request: RequestInfo) -> Context {
        Context {
            keyroll: self.clone(),
            actor: Actor::Anonymous,
            realm: None,
            permissions: Permissions::NONE,
            session: None,
            token: None,
            once: None,
            request,
        }
    }

    /// A context for whoever sits at the machine itself.
    #[must_use]
    pub fn operator(&self, realm: RealmId) -> Context {
        self.with_all_permissions(Actor::Operator, realm)
    }

    /// A context for what Keyroll does by itself.
    pub(crate) fn system(&self, realm: RealmId) -> Context {
        self.with_all_permissions(Actor::System, realm)
    }

    fn with_all_permissions(&self, actor: Actor, realm: RealmId) -> Context {
        let permissions = Permissions::all();
        Context {
            keyroll: self.clone(),
            actor,
            realm: Some(realm),
            permissions,
            session: None,
            token: None,
            once: None,
            request: RequestInfo::default(),
        }
    }
}
