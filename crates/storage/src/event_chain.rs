//! The chain of hashes over the audit log, realm by realm: sealing, reading it back, and letting go of its oldest part.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::event::{Detail, EventKind};
use domain::{EventId, RealmId, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::events::Words;
use crate::{Error, Result, Tx, dialect};

/// A SHA-256.
type Hash = [u8; 32];

/// What stands at the beginning of every hash, so that none of them means anything elsewhere.
const PURPOSE: &[u8] = b"keyroll event 1";

/// How far a realm's chain reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    pub realm: RealmId,
    /// Of the newest sealed event.
    pub position: i64,
    pub hash: Hash,
    /// Up to here nothing is kept but the hash.
    pub removed: i64,
    pub removed_hash: Hash,
}

/// An event as its columns hold it.
#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    realm_id: i64,
    at: i64,
    kind: String,
    outcome: String,
    actor_kind: String,
    actor_id: Option<i64>,
    actor_name: String,
    target_kind: String,
    target_id: Option<i64>,
    target_name: String,
    identity_id: Option<i64>,
    detail: String,
    address: String,
    request_id: String,
}

#[derive(sqlx::FromRow)]
struct Waiting {
    /// Absent where a program of the version before wrote the event, or where it was there before the index was.
    indexed: Option<i64>,
    #[sqlx(flatten)]
    line: Line,
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    position: i64,
    event_id: i64,
    hash: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct ChainRow {
    realm_id: i64,
    position: i64,
    hash: Vec<u8>,
    removed: i64,
    removed_hash: Vec<u8>,
}

/// A sealed position, with the event that it seals where that is still there.
pub struct Link {
    pub position: i64,
    pub event: EventId,
    pub hash: Hash,
    line: Option<Line>,
}

/// What the chain let go of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    pub events: i64,
    pub up_to: i64,
    pub hash: Hash,
}

const COLUMNS: &str = "e.id, e.realm_id, e.at, e.kind, e.outcome, e.actor_kind, e.actor_id, e.actor_name, e.target_kind, e.target_id, \
    e.target_name, e.identity_id, e.detail, e.address, e.request_id";

/// In hex digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn hash_of(bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(|_| Error::Corrupt("event hash"))
}

impl Line {
    /// SHA-256 over the purpose, the hash before, the position, and every column in order: numbers as eight bytes, the
    /// most significant first; what may be absent behind a byte that says whether it is there; texts behind their length.
    fn sealed(&self, previous: &Hash, position: i64) -> Hash {
        let mut hash = Sha256::new();
        hash.update(PURPOSE);
        hash.update(previous);
        let number = |hash: &mut Sha256, number: i64| hash.update(number.to_be_bytes());
        let maybe = |hash: &mut Sha256, number: Option<i64>| match number {
            Some(there) => {
                hash.update([1]);
                hash.update(there.to_be_bytes());
            }
            None => hash.update([0]),
        };
        let text = |hash: &mut Sha256, text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        number(&mut hash, position);
        number(&mut hash, self.id);
        number(&mut hash, self.realm_id);
        number(&mut hash, self.at);
        text(&mut hash, &self.kind);
        text(&mut hash, &self.outcome);
        text(&mut hash, &self.actor_kind);
        maybe(&mut hash, self.actor_id);
        text(&mut hash, &self.actor_name);
        text(&mut hash, &self.target_kind);
        maybe(&mut hash, self.target_id);
        text(&mut hash, &self.target_name);
        maybe(&mut hash, self.identity_id);
        text(&mut hash, &self.detail);
        text(&mut hash, &self.address);
        text(&mut hash, &self.request_id);
        hash.finalize().into()
    }

    /// What can be read of it is found by its words; damage to one line must not keep the others from their seals.
    fn terms(&self) -> Vec<String> {
        let detail = serde_json::from_str(&self.detail).unwrap_or_default();
        let kind = EventKind::read(&self.kind);
        let Self { actor_name, target_name, address, request_id, .. } = self;
        Words { kind, actor: actor_name, target: target_name, detail: &detail, address, request_id }.terms()
    }
}

impl Link {
    /// The hash that its event has behind `previous`; `None` where the event is gone.
    #[must_use]
    pub fn computed(&self, previous: &Hash) -> Option<Hash> {
        self.line.as_ref().map(|line| line.sealed(previous, self.position))
    }

    /// Whether its event is the one that stood at this position behind `previous`: the one that was sealed with `seal`, or
    /// with the hash that it has still.
    #[must_use]
    pub fn belongs_at(&self, position: i64, previous: &Hash, seal: &Hash) -> bool {
        let sealed = self.line.as_ref().map(|line| line.sealed(previous, position));
        sealed.is_some_and(|sealed| sealed == *seal || sealed == self.hash)
    }

    /// When the event happened, and what it was, in words.
    #[must_use]
    pub fn told(&self) -> Option<(Timestamp, String)> {
        self.line.as_ref().map(|line| {
            let kind = EventKind::read(&line.kind).map_or_else(|| line.kind.clone(), |kind| kind.label().to_owned());
            (Timestamp::from_micros(line.at), format!("{kind}: {}", line.target_name))
        })
    }
}

impl Chain {
    const fn beginning(realm: RealmId) -> Self {
        Self { realm, position: 0, hash: [0; 32], removed: 0, removed_hash: [0; 32] }
    }
}

impl TryFrom<ChainRow> for Chain {
    type Error = Error;

    fn try_from(row: ChainRow) -> Result<Self> {
        Ok(Self {
            realm: RealmId::from_i64(row.realm_id),
            position: row.position,
            hash: hash_of(&row.hash)?,
            removed: row.removed,
            removed_hash: hash_of(&row.removed_hash)?,
        })
    }
}

impl Tx {
    /// Whether an event waits for its seal.
    pub async fn events_wait(&mut self) -> Result<bool> {
        Ok(fetch_optional!(self, (i64,), "SELECT event_id FROM event_queue LIMIT 1").is_some())
    }

    /// Seals up to `limit` of the events that wait, in the order of their ids, and says how many; `None` where another
    /// process is sealing. An event that somebody deleted before its seal stays in the queue, for the check to find.
    pub async fn seal_events(&mut self, limit: u32) -> Result<Option<usize>> {
        if !dialect::lock_sealing(self).await? {
            return Ok(None);
        }
        let indexed = dialect::indexed_event(self);
        let sql = format!(
            "SELECT {indexed} AS indexed, {COLUMNS} FROM event_queue q JOIN events e ON e.id = q.event_id ORDER BY q.event_id LIMIT $1"
        );
        let waiting = fetch_all!(self, Waiting, sqlx::AssertSqlSafe(sql.as_str()), i64::from(limit));
        let mut chains: BTreeMap<i64, Chain> = BTreeMap::new();
        let mut seals = Vec::with_capacity(waiting.len());
        for Waiting { indexed, line } in &waiting {
            let realm = RealmId::from_i64(line.realm_id);
            if indexed.is_none() {
                dialect::index_event(self, realm, EventId::from_i64(line.id), &line.terms()).await?;
            }
            let mut chain = match chains.get(&line.realm_id) {
                Some(chain) => *chain,
                None => self.event_chain(realm).await?.unwrap_or(Chain::beginning(realm)),
            };
            chain.position += 1;
            chain.hash = line.sealed(&chain.hash, chain.position);
            seals.push(serde_json::json!([line.realm_id, chain.position, line.id, hex(&chain.hash)]));
            chains.insert(line.realm_id, chain);
        }
        dialect::insert_seals(self, &serde_json::Value::from(seals).to_string()).await?;
        for chain in chains.values() {
            self.write_chain(chain).await?;
        }
        let sealed = dialect::ids(waiting.iter().map(|waiting| waiting.line.id));
        let sql = dialect::among(self, "DELETE FROM event_queue WHERE event_id IN (SELECT id FROM among)");
        execute!(self, sqlx::AssertSqlSafe(sql.as_str()), sealed.as_str());
        Ok(Some(waiting.len()))
    }

    async fn write_chain(&mut self, chain: &Chain) -> Result<()> {
        let sql = "INSERT INTO event_chains (realm_id, position, hash, removed, removed_hash) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (realm_id) DO UPDATE SET position = $2, hash = $3, removed = $4, removed_hash = $5";
        let (hash, removed_hash) = (chain.hash.as_slice(), chain.removed_hash.as_slice());
        execute!(self, sql, chain.realm.get(), chain.position, hash, chain.removed, removed_hash);
        Ok(())
    }

    pub async fn event_chain(&mut self, realm: RealmId) -> Result<Option<Chain>> {
        let sql = "SELECT realm_id, position, hash, removed, removed_hash FROM event_chains WHERE realm_id = $1";
        fetch_optional!(self, ChainRow, sql, realm.get()).map(Chain::try_from).transpose()
    }

    /// The realms that have events.
    pub async fn event_realms(&mut self) -> Result<Vec<RealmId>> {
        let sql = "SELECT realm_id FROM event_chains UNION SELECT id FROM realms ORDER BY 1";
        Ok(fetch_all!(self, (i64,), sql).into_iter().map(|(id,)| RealmId::from_i64(id)).collect())
    }

    /// The chain behind a position, in its order.
    pub async fn event_links(&mut self, realm: RealmId, after: i64, limit: u32) -> Result<Vec<Link>> {
        let sql = "SELECT position, event_id, hash FROM event_seals WHERE realm_id = $1 AND position > $2 ORDER BY position LIMIT $3";
        let rows = fetch_all!(self, LinkRow, sql, realm.get(), after, i64::from(limit));
        let ids = dialect::ids(rows.iter().map(|row| row.event_id));
        let sql = dialect::among(self, &format!("SELECT {COLUMNS} FROM events e WHERE e.id IN (SELECT id FROM among)"));
        let lines = fetch_all!(self, Line, sqlx::AssertSqlSafe(sql.as_str()), ids.as_str());
        let mut lines: BTreeMap<i64, Line> = lines.into_iter().map(|line| (line.id, line)).collect();
        let link = |row: LinkRow| {
            let hash = hash_of(&row.hash)?;
            Ok(Link { position: row.position, event: EventId::from_i64(row.event_id), hash, line: lines.remove(&row.event_id) })
        };
        rows.into_iter().map(link).collect()
    }

    /// The realm's oldest event that neither has a seal nor waits for one, or that waits and is gone.
    pub async fn unsealed_event(&mut self, realm: RealmId) -> Result<Option<EventId>> {
        let sql = "SELECT min(id) FROM (SELECT e.id FROM events e LEFT JOIN event_seals s ON s.event_id = e.id \
            LEFT JOIN event_queue q ON q.event_id = e.id WHERE e.realm_id = $1 AND s.event_id IS NULL AND q.event_id IS NULL \
            UNION ALL SELECT q.event_id FROM event_queue q LEFT JOIN events e ON e.id = q.event_id WHERE q.realm_id = $1 AND e.id IS NULL) u";
        Ok(fetch_one!(self, (Option<i64>,), sql, realm.get()).0.map(EventId::from_i64))
    }

    /// How many of the realm's events wait for their seal.
    pub async fn waiting_events(&mut self, realm: RealmId) -> Result<i64> {
        Ok(fetch_one!(self, (i64,), "SELECT count(*) FROM event_queue WHERE realm_id = $1", realm.get()).0)
    }

    /// When the realm last let go of events, and what the line says that tells of it.
    pub async fn latest_removal(&mut self, realm: RealmId) -> Result<Option<(Timestamp, BTreeMap<String, Detail>)>> {
        let sql = "SELECT at, detail FROM events WHERE realm_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1";
        let row = fetch_optional!(self, (i64, String), sql, realm.get(), EventKind::EventsRemoved.as_str());
        let read = |(at, detail): (i64, String)| {
            let detail = serde_json::from_str(&detail).map_err(|_| Error::Corrupt("event detail"))?;
            Ok((Timestamp::from_micros(at), detail))
        };
        row.map(read).transpose()
    }

    /// Lets go of the realm's oldest events up to the first one that is not older than `cutoff`, at most `limit`. Their
    /// last hash stays, and the rest of the chain goes on from it. `None` where there are none.
    pub async fn remove_events(&mut self, realm: RealmId, cutoff: Timestamp, limit: u32) -> Result<Option<Removed>> {
        if !dialect::lock_sealing(self).await? {
            return Ok(None);
        }
        let Some(chain) = self.event_chain(realm).await? else { return Ok(None) };
        let links = self.event_links(realm, chain.removed, limit).await?;
        let old = |link: &&Link| link.line.as_ref().is_some_and(|line| line.at < cutoff.micros());
        let due: Vec<_> = links.iter().take_while(old).collect();
        // A line that tells of the last removal goes with other lines, not alone: else each removal would call for another.
        let worth = |link: &&&Link| link.line.as_ref().is_some_and(|line| line.kind != EventKind::EventsRemoved.as_str());
        let Some(last) = due.last().filter(|_| due.iter().any(|link| worth(&link))) else { return Ok(None) };
        let removed = Removed { events: last.position - chain.removed, up_to: last.position, hash: last.hash };
        self.write_chain(&Chain { removed: last.position, removed_hash: last.hash, ..chain }).await?;
        dialect::unindex_removed_events(self, realm, last.position).await?;
        let sql = "DELETE FROM events WHERE id IN (SELECT event_id FROM event_seals WHERE realm_id = $1 AND position <= $2)";
        execute!(self, sql, realm.get(), last.position);
        execute!(self, "DELETE FROM event_seals WHERE realm_id = $1 AND position <= $2", realm.get(), last.position);
        Ok(Some(removed))
    }
}
