//! The audit log, read.

use domain::listing::{ActivityPage, EventListRequest};
use domain::permission::Permission;
use domain::record::Event;
use domain::{EventId, IdentityId};

use crate::{Context, Error, Result};

const PAGE: u32 = 50;

impl Context {
    /// What happened in the realm, the newest first, older than `before`.
    pub async fn list_events(&self, asked: EventListRequest, before: Option<EventId>) -> Result<ActivityPage> {
        let realm = self.allow(Permission::EventsRead)?;
        Ok(page(self.read().await?.events(realm, asked, before, PAGE + 1).await?))
    }

    /// What happened to an identity, the newest first, older than `before`.
    pub async fn activity_of(&self, identity: IdentityId, before: Option<EventId>) -> Result<ActivityPage> {
        let realm = self.allow(Permission::EventsRead)?;
        let mut tx = self.read().await?;
        tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
        Ok(page(tx.events_of(realm, identity, before, PAGE + 1).await?))
    }
}

/// A page of at most its size; one event more tells that there is another.
fn page(mut events: Vec<Event>) -> ActivityPage {
    let more = events.len() > PAGE as usize;
    events.truncate(PAGE as usize);
    let next = events.last().filter(|_| more).map(|event| event.id);
    ActivityPage { events, next }
}
