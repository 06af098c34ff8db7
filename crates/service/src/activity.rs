//! The audit log, read.

use domain::listing::ActivityPage;
use domain::permission::Permission;
use domain::{EventId, IdentityId};

use crate::{Context, Error, Result};

const PAGE: u32 = 50;

impl Context {
    /// What happened to an identity, the newest first, older than `before`.
    pub async fn activity_of(&self, identity: IdentityId, before: Option<EventId>) -> Result<ActivityPage> {
        let realm = self.allow(Permission::EventsRead)?;
        let mut tx = self.read().await?;
        tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
        let mut events = tx.events_of(realm, identity, before, PAGE + 1).await?;
        let more = events.len() > PAGE as usize;
        events.truncate(PAGE as usize);
        let next = events.last().filter(|_| more).map(|event| event.id);
        Ok(ActivityPage { events, next })
    }
}
