//! One use case's transaction: the change and its events commit together or not at all, and are announced after.

use std::collections::BTreeMap;

use domain::event::{Detail, EventKind, EventOutcome};
use domain::time::Span;
use domain::{EventId, IdentityId, RealmId, Timestamp, aaguid};

pub(crate) use domain::event::EventTarget as Target;
use storage::{NewEvent, Tx};

use crate::context::{Actor, Context};
use crate::live::Change;
use crate::{Error, Result, Secret};

pub(crate) struct Work {
    pub(crate) tx: Tx,
    pub(crate) now: Timestamp,
    context: Context,
    realm: RealmId,
    /// What to announce, with the event that tells it.
    changes: Vec<(EventId, Change)>,
}

/// An event in the making.
pub(crate) struct Told<'a> {
    pub(crate) kind: EventKind,
    pub(crate) outcome: EventOutcome,
    pub(crate) target: Target,
    pub(crate) name: &'a str,
    /// The identity on whose page it shows.
    pub(crate) identity: Option<IdentityId>,
    pub(crate) detail: BTreeMap<String, Detail>,
    /// Where it is not the transaction's: background tasks work for every realm at once.
    realm: Option<RealmId>,
}

impl<'a> Told<'a> {
    pub(crate) fn new(kind: EventKind, target: Target, name: &'a str) -> Self {
        let identity = if let Target::Identity(id) = target { Some(id) } else { None };
        Self { kind, outcome: EventOutcome::Success, target, name, identity, detail: BTreeMap::new(), realm: None }
    }

    pub(crate) fn of(mut self, identity: IdentityId) -> Self {
        self.identity = Some(identity);
        self
    }

    pub(crate) fn in_realm(mut self, realm: RealmId) -> Self {
        self.realm = Some(realm);
        self
    }

    pub(crate) fn denied(mut self) -> Self {
        self.outcome = EventOutcome::Denied;
        self
    }

    pub(crate) fn with(mut self, name: &str, text: impl Into<String>) -> Self {
        self.detail.insert(name.to_owned(), Detail::Text(text.into()));
        self
    }

    /// Something that became something else.
    pub(crate) fn changed(mut self, name: &str, before: &str, after: &str) -> Self {
        self.detail.insert(name.to_owned(), Detail::change(before, after));
        self
    }
}

impl Work {
    pub(crate) async fn begin(context: Context, realm: RealmId) -> Result<Self> {
        let tx = context.keyroll.store().write().await?;
        Ok(Self::on(tx, context, realm))
    }

    /// The same on a transaction that has told already in whose name it goes on.
    pub(crate) fn on(tx: Tx, context: Context, realm: RealmId) -> Self {
        Self { tx, now: context.now(), realm, changes: Vec::new(), context }
    }

    /// An id for something new.
    pub(crate) fn id(&self) -> i64 {
        self.context.keyroll.next_id()
    }

    pub(crate) fn secret(&self) -> Secret {
        Secret::random(&self.context.keyroll.parts().randomness)
    }

    pub(crate) fn link_lifetime(&self) -> Span {
        self.context.keyroll.parts().settings.link_lifetime
    }

    /// Browser and platform of this request, in words.
    pub(crate) fn device(&self) -> String {
        aaguid::device(&self.context.request.user_agent).unwrap_or_default()
    }

    pub(crate) fn address(&self) -> String {
        self.context.request.address.clone()
    }

    /// Who acts may become known within the transaction: the person whose passkey was just verified.
    pub(crate) fn act_as(&mut self, actor: Actor) {
        self.context.actor = actor;
    }

    /// Writes an event of this use case.
    pub(crate) async fn tell(&mut self, told: Told<'_>) -> Result<()> {
        let id = EventId::from_i64(self.id());
        let realm = told.realm.unwrap_or(self.realm);
        let event = NewEvent {
            id,
            realm,
            at: self.now,
            kind: told.kind,
            outcome: told.outcome,
            by: self.context.party_in(realm),
            actor: self.context.actor.name().to_owned(),
            about: told.target,
            target: told.name.to_owned(),
            identity: told.identity,
            detail: told.detail,
            address: self.context.request.address.clone(),
            request_id: self.context.request.id.clone(),
        };
        self.tx.insert_event(&event).await?;
        self.changes.push((id, Change::Here { realm, kind: told.kind, identity: told.identity }));
        Ok(())
    }

    /// Makes it true, then announces it.
    pub(crate) async fn commit(mut self) -> Result<()> {
        if let Some(once) = self.context.once {
            once.done(&mut self.tx, self.now).await?;
        }
        self.tx.commit().await.map_err(Error::from)?;
        let keyroll = &self.context.keyroll;
        for (event, change) in self.changes {
            keyroll.note_event(event.get());
            keyroll.announce(change);
        }
        keyroll.parts().committed.notify_one();
        keyroll.parts().unsealed.notify_one();
        Ok(())
    }
}
