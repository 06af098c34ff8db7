//! The audit log, read: narrowed, searched, the newest first, paged by id.

use domain::event::{EventActor, EventKind, EventOutcome, EventTarget, Seal};
use domain::listing::EventListRequest;
use domain::record::Event;
use domain::{EventId, IdentityId, RealmId, Timestamp, fold};

use crate::event_chain::hex;
use crate::statement::{Bound, Statement};
use crate::{Error, Result, Tx, dialect};

/// Which lines of a realm's log.
#[derive(Debug, Clone)]
pub struct EventQuery<'a> {
    pub realm: RealmId,
    pub asked: &'a EventListRequest,
    /// Those on this identity's page alone.
    pub identity: Option<IdentityId>,
    /// Ids above this one and below that one: ids grow with time, so that a stretch of it is found without reading
    /// what lies before.
    pub after: EventId,
    pub before: EventId,
    /// At this time or later, and before that one.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub limit: u32,
}

impl<'a> EventQuery<'a> {
    /// Every line that is asked for.
    #[must_use]
    pub const fn new(realm: RealmId, asked: &'a EventListRequest, limit: u32) -> Self {
        Self {
            realm,
            asked,
            identity: None,
            after: EventId::from_i64(0),
            before: EventId::from_i64(i64::MAX),
            from: None,
            until: None,
            limit,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: i64,
    kind: String,
    outcome: String,
    actor_kind: String,
    actor_id: Option<i64>,
    actor_name: String,
    target_kind: String,
    target_id: Option<i64>,
    target_name: String,
    detail: String,
    address: String,
    request_id: String,
    position: Option<i64>,
    hash: Option<Vec<u8>>,
}

const COLUMNS: &str = "e.id, e.at, e.kind, e.outcome, e.actor_kind, e.actor_id, e.actor_name, e.target_kind, e.target_id, e.target_name, \
    e.detail, e.address, e.request_id, s.position, s.hash";

impl TryFrom<Row> for Event {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let seal = row.position.zip(row.hash).map(|(position, hash)| Seal { position, hash: hex(&hash) });
        Ok(Self {
            id: EventId::from_i64(row.id),
            at: Timestamp::from_micros(row.at),
            kind: EventKind::read(&row.kind).ok_or(Error::Corrupt("event kind"))?,
            outcome: EventOutcome::read(&row.outcome).ok_or(Error::Corrupt("event outcome"))?,
            by: EventActor::of_parts(&row.actor_kind, row.actor_id).ok_or(Error::Corrupt("event actor"))?,
            actor: row.actor_name,
            about: EventTarget::of_parts(&row.target_kind, row.target_id).ok_or(Error::Corrupt("event target"))?,
            target: row.target_name,
            detail: serde_json::from_str(&row.detail).map_err(|_| Error::Corrupt("event detail"))?,
            address: row.address,
            request_id: row.request_id,
            seal,
        })
    }
}

impl Statement {
    fn party(&mut self, columns: [&str; 2], (kind, id): (&'static str, Option<i64>)) {
        self.require(&format!("{} = ?", columns[0]), Bound::Text(kind.to_owned()));
        match id {
            Some(id) => self.require(&format!("{} = ?", columns[1]), Bound::Number(id)),
            None => self.conditions.push(format!("{} IS NULL", columns[1])),
        }
    }

    fn narrow(&mut self, asked: &EventListRequest) {
        if let Some(kind) = asked.kind {
            self.require("e.kind = ?", Bound::Text(kind.to_string()));
        }
        match asked.outcome {
            // Named in the text, so that the partial index is seen to fit.
            Some(EventOutcome::Denied) => self.conditions.push("e.outcome = 'denied'".to_owned()),
            Some(outcome) => self.require("e.outcome = ?", Bound::Text(outcome.to_string())),
            None => {}
        }
        if let Some(actor) = asked.actor {
            self.party(["e.actor_kind", "e.actor_id"], actor.parts());
        }
        if let Some(target) = asked.target {
            self.party(["e.target_kind", "e.target_id"], target.parts());
        }
    }
}

impl Tx {
    /// The lines that are asked for, the newest first.
    pub async fn events(&mut self, query: &EventQuery<'_>) -> Result<Vec<Event>> {
        let (mut statement, mut from, mut id) = (Statement::default(), "events e", "e.id");
        let beginnings = fold::word_beginnings(&query.asked.search);
        if !beginnings.is_empty() {
            let search = dialect::events_matching(self, query.realm, &beginnings);
            (from, id) = (search.from, search.id);
            statement.require(search.condition, Bound::Text(search.value));
        }
        statement.require("e.realm_id = ?", Bound::Number(query.realm.get()));
        statement.require(&format!("{id} > ?"), Bound::Number(query.after.get()));
        statement.require(&format!("{id} < ?"), Bound::Number(query.before.get()));
        if let Some(identity) = query.identity {
            statement.require("e.identity_id = ?", Bound::Number(identity.get()));
        }
        if let Some(from) = query.from {
            statement.require("e.at >= ?", Bound::Number(from.micros()));
        }
        if let Some(until) = query.until {
            statement.require("e.at < ?", Bound::Number(until.micros()));
        }
        statement.narrow(query.asked);
        let limit = statement.bind(Bound::Number(i64::from(query.limit)));
        let conditions = statement.conditions.join(" AND ");
        let sql = format!(
            "SELECT {COLUMNS} FROM {from} LEFT JOIN event_seals s ON s.event_id = e.id WHERE {conditions} ORDER BY {id} DESC LIMIT {limit}"
        );
        let rows: Vec<Row> = fetch_built!(self, Row, sql, statement.values);
        rows.into_iter().map(Event::try_from).collect()
    }

    /// The events on an identity's page, the newest first.
    pub async fn events_of(&mut self, realm: RealmId, identity: IdentityId, before: Option<EventId>, limit: u32) -> Result<Vec<Event>> {
        let all = EventListRequest::default();
        let query = EventQuery::new(realm, &all, limit);
        self.events(&EventQuery { identity: Some(identity), before: before.unwrap_or(query.before), ..query }).await
    }
}
