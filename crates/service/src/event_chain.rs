//! The audit log's chain: sealed in the background, proved on demand, let go of when its time is over.

use std::collections::BTreeMap;

use domain::event::{Detail, EventKind, EventTarget};
use domain::time::Span;
use domain::{EventId, RealmId, Timestamp};
use storage::{Chain, Link, hex};

use crate::work::Told;
use crate::{Keyroll, Result};

/// Events sealed or read at once.
const BATCH: u32 = 500;
/// Events let go of at once.
const REMOVED: u32 = 5_000;
/// So long after a realm has let go of events it does not again: each time is a line of the log.
const REST: Span = Span::days(1);

/// What the check of a realm's chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    pub realm: RealmId,
    /// Sealed events that are kept.
    pub events: i64,
    /// Where the chain ends: the position and the hash of the newest sealed event. Written down elsewhere, it proves
    /// later that nothing up to there was exchanged, not even the chain as a whole.
    pub position: i64,
    pub hash: String,
    /// Up to here the log has been let go of.
    pub removed: i64,
    /// Events that will be sealed as soon as a server runs.
    pub waiting: i64,
    pub broken: Option<Break>,
}

/// The first line that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    pub position: i64,
    /// Absent where nothing is left of it.
    pub event: Option<EventId>,
    pub at: Option<Timestamp>,
    /// What it says now.
    pub told: String,
    pub why: BreakKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakKind {
    /// It does not say what it said when it was sealed.
    Edited,
    /// The event is gone.
    Deleted,
    /// It stands where another one was.
    Moved,
    /// Its seal is gone, or the chain's end is.
    SealMissing,
    /// It neither has a seal nor waits for one, or was deleted while it waited.
    Unsealed,
    /// The log begins behind it, and no line tells of its removal.
    Untold,
}

impl BreakKind {
    /// What happened to the line.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Edited => "was edited after it was written",
            Self::Deleted => "was deleted",
            Self::Moved => "is out of order: another line stood here",
            Self::SealMissing => "has lost its seal",
            Self::Unsealed => "was kept from its seal",
            Self::Untold => "and what was before it were removed, and no line of the log tells of that",
        }
    }
}

impl Break {
    fn at_link(link: &Link, why: BreakKind) -> Self {
        let (at, told) = link.told().unzip();
        Self { position: link.position, event: Some(link.event), at, told: told.unwrap_or_default(), why }
    }

    const fn nothing_at(position: i64, why: BreakKind) -> Self {
        Self { position, event: None, at: None, told: String::new(), why }
    }
}

/// What a batch of links shows, behind a position and its hash.
fn first_break(links: &[Link], mut position: i64, mut hash: [u8; 32]) -> Option<Break> {
    for (at, link) in links.iter().enumerate() {
        if link.position != position + 1 {
            return Some(Break::nothing_at(position + 1, BreakKind::SealMissing));
        }
        match link.computed(&hash) {
            None => return Some(Break::at_link(link, BreakKind::Deleted)),
            Some(computed) if computed != link.hash => {
                let elsewhere = links[at + 1..].iter().any(|other| other.belongs_at(link.position, &hash, &link.hash));
                let why = if elsewhere { BreakKind::Moved } else { BreakKind::Edited };
                return Some(Break::at_link(link, why));
            }
            Some(_) => (position, hash) = (link.position, link.hash),
        }
    }
    None
}

impl Keyroll {
    /// Seals what waits, a batch; whether there may be more.
    pub async fn seal_events(&self) -> Result<bool> {
        if !self.store().read().await?.events_wait().await? {
            return Ok(false);
        }
        let mut tx = self.store().write().await?;
        let sealed = tx.seal_events(BATCH).await?;
        tx.commit().await?;
        Ok(sealed.is_some_and(|sealed| sealed == BATCH as usize))
    }

    /// Lets go of events that are older than the installation keeps them, a batch at a time, and says so in the log.
    pub async fn remove_old_events(&self) -> Result<()> {
        let Some(kept) = self.parts().settings.events_retention else { return Ok(()) };
        let realms = self.store().read().await?.event_realms().await?;
        for realm in realms {
            let latest = self.store().read().await?.latest_removal(realm).await?;
            if latest.is_none_or(|(at, _)| at + REST <= self.now()) {
                while self.remove_batch(realm, self.now() - kept).await? {}
            }
        }
        Ok(())
    }

    async fn remove_batch(&self, realm: RealmId, cutoff: Timestamp) -> Result<bool> {
        let mut work = self.system(realm).work(realm).await?;
        let Some(removed) = work.tx.remove_events(realm, cutoff, REMOVED).await? else {
            // Left to be rolled back, it would keep others from sealing until the connection is used again.
            work.commit().await?;
            return Ok(false);
        };
        let told = Told::new(EventKind::EventsRemoved, EventTarget::Realm, "").with("events", removed.events.to_string());
        work.tell(told.with("position", removed.up_to.to_string()).with("hash", hex(&removed.hash))).await?;
        work.commit().await?;
        Ok(true)
    }

    /// Walks every realm's chain from its beginning to its end.
    pub async fn check_events(&self) -> Result<Vec<ChainReport>> {
        let realms = self.store().read().await?.event_realms().await?;
        let mut reports = Vec::with_capacity(realms.len());
        for realm in realms {
            reports.push(self.check_realm(realm).await?);
        }
        Ok(reports)
    }

    /// What was let go of while the walk went on is not missing: the walk begins again.
    async fn check_realm(&self, realm: RealmId) -> Result<ChainReport> {
        loop {
            let before = self.store().read().await?.event_chain(realm).await?;
            let report = self.walk(realm, before).await?;
            let after = self.store().read().await?.event_chain(realm).await?;
            if report.broken.is_none() || before.map(|chain| chain.removed) == after.map(|chain| chain.removed) {
                return Ok(report);
            }
        }
    }

    async fn walk(&self, realm: RealmId, chain: Option<Chain>) -> Result<ChainReport> {
        let (removed, mut hash) = chain.map_or((0, [0; 32]), |chain| (chain.removed, chain.removed_hash));
        let end = chain.map_or(0, |chain| chain.position);
        let mut position = removed;
        let mut broken = None;
        loop {
            let links = self.store().read().await?.event_links(realm, position, BATCH).await?;
            broken = broken.or_else(|| first_break(&links, position, hash));
            let Some(last) = links.last().filter(|_| broken.is_none()) else { break };
            (position, hash) = (last.position, last.hash);
        }
        if removed > 0 && !self.is_told(realm, removed, &hex(&chain.map_or([0; 32], |chain| chain.removed_hash))).await? {
            broken = Some(Break::nothing_at(removed, BreakKind::Untold));
        }
        if broken.is_none() && chain.is_none() && position > 0 {
            broken = Some(Break::nothing_at(1, BreakKind::SealMissing));
        }
        // A chain that has grown meanwhile reaches further than it did.
        if broken.is_none() && (position < end || (position == end && chain.is_some_and(|chain| chain.hash != hash))) {
            broken = Some(Break::nothing_at(position.min(end - 1) + 1, BreakKind::SealMissing));
        }
        let mut tx = self.store().read().await?;
        if broken.is_none()
            && let Some(event) = tx.unsealed_event(realm).await?
        {
            let unsealed = Break::nothing_at(position + 1, BreakKind::Unsealed);
            broken = Some(Break { event: Some(event), ..unsealed });
        }
        let waiting = tx.waiting_events(realm).await?;
        Ok(ChainReport { realm, events: position - removed, position, hash: hex(&hash), removed, waiting, broken })
    }

    /// Whether a line of the log says that everything up to here was let go of.
    async fn is_told(&self, realm: RealmId, up_to: i64, hash: &str) -> Result<bool> {
        let latest = self.store().read().await?.latest_removal(realm).await?;
        let says =
            |detail: &BTreeMap<String, Detail>, name: &str, wanted: &str| detail.get(name).is_some_and(|detail| detail.text() == wanted);
        Ok(latest.is_some_and(|(_, detail)| says(&detail, "position", &up_to.to_string()) && says(&detail, "hash", hash)))
    }
}
