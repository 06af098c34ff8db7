//! The audit log, read and exported.

use domain::event::{EventKind, EventTarget};
use domain::field::FieldError;
use domain::listing::{ActivityPage, EventListRequest};
use domain::permission::Permission;
use domain::record::Event;
use domain::time::Span;
use domain::{EventId, GroupId, IdentityId, RealmId, Timestamp};
use jiff::civil::Date;
use jiff::tz::Offset;
use storage::EventQuery;

use crate::ids::first_at;
use crate::limits::Tried;
use crate::work::Told;
use crate::{Context, Error, Result};

const PAGE: u32 = 50;
/// Lines that an export reads at once.
const EXPORTED: u32 = 5_000;
/// How far an id may be from the time that its event tells: a clock that was set back does not set ids back.
const SLACK: Span = Span::minutes(60);

/// What an export is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    Csv,
    JsonLines,
}

/// The lines that are asked for, older than `before`.
fn query(realm: RealmId, asked: &EventListRequest, before: Option<EventId>, limit: u32) -> Result<EventQuery<'_>> {
    let mut query = EventQuery::new(realm, asked, limit);
    query.before = before.unwrap_or(query.before);
    if let Some(day) = day("from", &asked.from)? {
        query.from = Some(midnight(day));
        query.after = EventId::from_i64(first_at(midnight(day) - SLACK));
    }
    if let Some(day) = day("until", &asked.until)? {
        // The calendar ends where nothing is excluded any more.
        query.until = day.tomorrow().ok().map(midnight);
        if let Some(until) = query.until {
            query.before = query.before.min(EventId::from_i64(first_at(until + SLACK)));
        }
    }
    Ok(query)
}

fn day(field: &'static str, text: &str) -> Result<Option<Date>> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::Invalid(vec![FieldError::new(field, "This is not a day. Write it as in 2026-11-25.")]);
    text.parse().map(Some).map_err(|_| wrong())
}

/// When a day begins, in UTC.
fn midnight(day: Date) -> Timestamp {
    let first = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0));
    // A day beyond what can be named lies before everything, or after it.
    let beyond = if day.year() < 1970 { i64::MIN } else { i64::MAX };
    first.map_or(Timestamp::from_micros(beyond), |first| Timestamp::from_micros(first.as_microsecond()))
}

impl Context {
    /// What happened in the realm, the newest first, older than `before`.
    pub async fn list_events(&self, asked: &EventListRequest, before: Option<EventId>) -> Result<ActivityPage> {
        let realm = self.allow(Permission::EventsRead)?;
        Ok(page(self.read().await?.events(&query(realm, asked, before, PAGE + 1)?).await?))
    }

    /// What happened to an identity, the newest first, older than `before`.
    pub async fn activity_of(&self, identity: IdentityId, before: Option<EventId>) -> Result<ActivityPage> {
        let realm = self.allow(Permission::EventsRead)?;
        let mut tx = self.read().await?;
        tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
        Ok(page(tx.events_of(realm, identity, before, PAGE + 1).await?))
    }

    /// What happened to a group, the newest first, older than `before`.
    pub async fn activity_of_group(&self, group: GroupId, before: Option<EventId>) -> Result<ActivityPage> {
        let realm = self.allow(Permission::EventsRead)?;
        let mut tx = self.read().await?;
        tx.group(realm, group).await?.ok_or(Error::NotFound("group"))?;
        let of_group = EventListRequest { target: Some(EventTarget::Group(group)), ..EventListRequest::default() };
        Ok(page(tx.events(&query(realm, &of_group, before, PAGE + 1)?).await?))
    }

    /// Whether the person may carry the log away, their passkey being used just now. [`Context::begin_export`] asks
    /// again; a browser cannot be asked for a passkey in the middle of a download.
    pub fn may_export_events(&self) -> Result<()> {
        self.allow_after_touch(Permission::EventsRead).map(|_| ())
    }

    /// Begins to carry the log away, and notes by whom and what of it.
    pub async fn begin_export(&self, asked: &EventListRequest, format: ExportFormat) -> Result<Export> {
        let realm = self.allow_after_touch(Permission::EventsRead)?;
        query(realm, asked, None, 1)?;
        self.limit(Tried::Export).await?;
        let mut work = self.work(realm).await?;
        let format = match format {
            ExportFormat::Csv => "CSV",
            ExportFormat::JsonLines => "JSON Lines",
        };
        let mut told = Told::new(EventKind::EventsExported, EventTarget::Realm, "").with("format", format);
        let narrowed = [
            ("search", Some(asked.search.chars().take(200).collect())),
            ("type", asked.kind.map(|kind| kind.to_string())),
            ("outcome", asked.outcome.map(|outcome| outcome.to_string())),
            ("actor", asked.actor.map(|actor| actor.to_string())),
            ("target", asked.target.map(|target| target.to_string())),
            ("from", Some(asked.from.clone())),
            ("until", Some(asked.until.clone())),
        ];
        for (name, value) in narrowed {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                told = told.with(name, value);
            }
        }
        work.tell(told).await?;
        work.commit().await?;
        Ok(Export { context: self.clone(), realm, asked: asked.clone(), before: None })
    }
}

/// An export under way. It may take longer than a touch of the passkey lasts, but not outlive its session.
pub struct Export {
    context: Context,
    realm: RealmId,
    asked: EventListRequest,
    before: Option<EventId>,
}

impl Export {
    /// The next part, the newest first; empty at the end.
    pub async fn next(&mut self) -> Result<Vec<Event>> {
        if self.context.session.is_some() && !self.context.still_holds().await? {
            return Err(Error::SignedOut);
        }
        let query = query(self.realm, &self.asked, self.before, EXPORTED)?;
        let events = self.context.read().await?.events(&query).await?;
        self.before = events.last().map(|last| last.id).or(self.before);
        Ok(events)
    }
}

/// A page of at most its size; one event more tells that there is another.
fn page(mut events: Vec<Event>) -> ActivityPage {
    let more = events.len() > PAGE as usize;
    events.truncate(PAGE as usize);
    let next = events.last().filter(|_| more).map(|event| event.id);
    ActivityPage { events, next }
}
