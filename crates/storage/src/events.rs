//! The audit log: written in the transaction of what it tells, never altered.

use std::collections::BTreeMap;

use domain::event::{Detail, EventActor, EventKind, EventOutcome, EventTarget};
use domain::{EventId, IdentityId, RealmId, Timestamp, fold};

use crate::{Error, Result, Tx, dialect};

#[derive(Debug, Clone)]
pub struct NewEvent {
    pub id: EventId,
    pub realm: RealmId,
    pub at: Timestamp,
    pub kind: EventKind,
    pub outcome: EventOutcome,
    pub by: EventActor,
    pub actor: String,
    pub about: EventTarget,
    pub target: String,
    /// The identity on whose page the event shows.
    pub identity: Option<IdentityId>,
    pub detail: BTreeMap<String, Detail>,
    pub address: String,
    pub request_id: String,
}

/// What an event is found by.
pub(crate) struct Words<'a> {
    /// Absent where another version's event is read that this one does not know.
    pub kind: Option<EventKind>,
    pub actor: &'a str,
    pub target: &'a str,
    pub detail: &'a BTreeMap<String, Detail>,
    pub address: &'a str,
    pub request_id: &'a str,
}

impl Words<'_> {
    /// The terms of the index.
    pub(crate) fn terms(&self) -> Vec<String> {
        let (label, kind) = self.kind.map_or(("", ""), |kind| (kind.label(), kind.as_str()));
        let mut text = [label, kind, self.actor, self.target, self.address, self.request_id].join(" ");
        for detail in self.detail.values() {
            text.push(' ');
            text.push_str(&detail.to_string());
        }
        fold::word_terms(&text)
    }
}

impl Tx {
    pub async fn insert_event(&mut self, new: &NewEvent) -> Result<()> {
        let detail = serde_json::to_string(&new.detail).map_err(|_| Error::Corrupt("event detail"))?;
        let ((actor_kind, actor_id), (target_kind, target_id)) = (new.by.parts(), new.about.parts());
        let sql = "INSERT INTO events (id, realm_id, at, kind, outcome, actor_kind, actor_id, actor_name, target_kind, target_id, target_name, \
            identity_id, detail, address, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
        execute!(
            self,
            sql,
            new.id.get(),
            new.realm.get(),
            new.at.micros(),
            new.kind.as_str(),
            new.outcome.as_str(),
            actor_kind,
            actor_id,
            new.actor.as_str(),
            target_kind,
            target_id,
            new.target.as_str(),
            new.identity.map(IdentityId::get),
            detail.as_str(),
            new.address.as_str(),
            new.request_id.as_str()
        );
        let NewEvent { kind, actor, target, detail, address, request_id, .. } = new;
        let words = Words { kind: Some(*kind), actor, target, detail, address, request_id };
        dialect::index_event(self, new.realm, new.id, &words.terms()).await
    }

    /// The newest event's id, whichever realm it is in; 0 where there is none.
    pub async fn latest_event(&mut self) -> Result<i64> {
        Ok(fetch_one!(self, (i64,), "SELECT coalesce(max(id), 0) FROM events").0)
    }
}
