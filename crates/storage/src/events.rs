//! The audit log: written in the transaction of what it tells, never altered.

use std::collections::BTreeMap;

use domain::event::{EventKind, EventOutcome};
use domain::listing::EventListRequest;
use domain::record::Event;
use domain::{EventId, IdentityId, RealmId, Timestamp};

use crate::{Error, Result, Tx};

#[derive(Debug, Clone)]
pub struct NewEvent {
    pub id: EventId,
    pub realm: RealmId,
    pub at: Timestamp,
    pub kind: EventKind,
    pub outcome: EventOutcome,
    pub actor_kind: &'static str,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub target_kind: &'static str,
    pub target_id: Option<i64>,
    pub target_name: String,
    /// The identity on whose page the event shows.
    pub identity: Option<IdentityId>,
    pub detail: BTreeMap<String, String>,
    pub address: String,
    pub request_id: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: i64,
    kind: String,
    outcome: String,
    actor_name: String,
    target_name: String,
    detail: String,
    address: String,
    request_id: String,
}

impl TryFrom<Row> for Event {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: EventId::from_i64(row.id),
            at: Timestamp::from_micros(row.at),
            kind: EventKind::read(&row.kind).ok_or(Error::Corrupt("event kind"))?,
            outcome: EventOutcome::read(&row.outcome).ok_or(Error::Corrupt("event outcome"))?,
            actor: row.actor_name,
            target: row.target_name,
            detail: serde_json::from_str(&row.detail).map_err(|_| Error::Corrupt("event detail"))?,
            address: row.address,
            request_id: row.request_id,
        })
    }
}

impl Tx {
    pub async fn insert_event(&mut self, new: &NewEvent) -> Result<()> {
        let detail = serde_json::to_string(&new.detail).map_err(|_| Error::Corrupt("event detail"))?;
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
            new.actor_kind,
            new.actor_id,
            new.actor_name.as_str(),
            new.target_kind,
            new.target_id,
            new.target_name.as_str(),
            new.identity.map(IdentityId::get),
            detail.as_str(),
            new.address.as_str(),
            new.request_id.as_str()
        );
        Ok(())
    }

    /// The newest event's id, whichever realm it is in; 0 where there is none.
    pub async fn latest_event(&mut self) -> Result<i64> {
        Ok(fetch_one!(self, (i64,), "SELECT coalesce(max(id), 0) FROM events").0)
    }

    /// The realm's events, the newest first, older than `before`.
    pub async fn events(&mut self, realm: RealmId, asked: EventListRequest, before: Option<EventId>, limit: u32) -> Result<Vec<Event>> {
        let sql = "SELECT id, at, kind, outcome, actor_name, target_name, detail, address, request_id FROM events \
            WHERE realm_id = $1 AND id < $2 AND ($3 = '' OR kind = $3) AND ($4 = '' OR outcome = $4) ORDER BY id DESC LIMIT $5";
        let kind = asked.kind.map_or("", EventKind::as_str);
        let outcome = asked.outcome.map_or("", EventOutcome::as_str);
        let before = before.map_or(i64::MAX, EventId::get);
        fetch_all!(self, Row, sql, realm.get(), before, kind, outcome, i64::from(limit)).into_iter().map(Event::try_from).collect()
    }

    /// The events of an identity, the newest first.
    pub async fn events_of(&mut self, realm: RealmId, identity: IdentityId, before: Option<EventId>, limit: u32) -> Result<Vec<Event>> {
        let sql = "SELECT id, at, kind, outcome, actor_name, target_name, detail, address, request_id FROM events \
            WHERE identity_id = $1 AND realm_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
        let before = before.map_or(i64::MAX, EventId::get);
        fetch_all!(self, Row, sql, identity.get(), realm.get(), before, i64::from(limit)).into_iter().map(Event::try_from).collect()
    }
}
