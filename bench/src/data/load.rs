//! Fills a database through `storage`, as an import does.

use std::time::{Duration, Instant};

use anyhow::Result;
use domain::RealmId;
use storage::{NewIdentity, Store};

use super::People;
use crate::process;

/// Identities in one transaction.
const BATCH: u64 = 5_000;

/// What filling took.
pub(crate) struct Loaded {
    pub(crate) took: Duration,
    /// This process's resident memory in bytes, when a tenth was loaded and when all was.
    pub(crate) early_memory: u64,
    pub(crate) late_memory: u64,
}

/// Inserts everyone, and says on standard error how far it is.
pub(crate) async fn load(store: &Store, people: &People, realm: RealmId, database: &str) -> Result<Loaded> {
    let start = Instant::now();
    let mut early_memory = None;
    let mut told = 0;
    for first in (0..people.size()).step_by(usize::try_from(BATCH)?) {
        let end = people.size().min(first + BATCH);
        let batch: Vec<NewIdentity> = (first..end).map(|number| people.person(number, realm)).collect();
        let mut tx = store.write().await?;
        tx.insert_identities(&batch).await?;
        tx.commit().await?;
        let tenths = end * 10 / people.size();
        if tenths > told {
            told = tenths;
            early_memory.get_or_insert(process::memory("self")?.resident);
            eprintln!("{database}: {end} of {} identities, {:.0} s", people.size(), start.elapsed().as_secs_f64());
        }
    }
    let late_memory = process::memory("self")?.resident;
    Ok(Loaded { took: start.elapsed(), early_memory: early_memory.unwrap_or(late_memory), late_memory })
}
