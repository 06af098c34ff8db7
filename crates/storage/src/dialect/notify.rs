//! News between processes: PostgreSQL's LISTEN and NOTIFY. SQLite serves one process and has no need of it.

use sqlx::Postgres;
use sqlx::postgres::PgListener;

use crate::{Result, Store};

const CHANNEL: &str = "keyroll_changed";

/// What other processes on the same database announce.
pub struct Listener(PgListener);

impl Listener {
    /// Waits for the next announcement: the name of the process that made it. Reconnects by itself; what was
    /// announced meanwhile is lost, so a reader refetches after `None`.
    pub async fn next(&mut self) -> Result<Option<String>> {
        Ok(self.0.try_recv().await?.map(|notification| notification.payload().to_owned()))
    }
}

impl Store {
    /// Hears other processes; `None` for the embedded database, which has one process.
    pub async fn listen(&self) -> Result<Option<Listener>> {
        let Some(pool) = self.postgres_pool() else { return Ok(None) };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Listener(listener)))
    }

    /// Tells the other processes that something changed. Outside any transaction: NOTIFY takes a lock over the whole
    /// instance at commit, so callers announce in ticks.
    pub async fn notify(&self, process: &str) -> Result<()> {
        if let Some(pool) = self.postgres_pool() {
            sqlx::query::<Postgres>("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(process).execute(pool).await?;
        }
        Ok(())
    }
}
