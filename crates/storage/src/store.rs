//! The pools: one writer and several readers for SQLite, two pools for PostgreSQL.

use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::{Error, Result, Tx, dialect};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Which database.
#[derive(Debug, Clone)]
pub enum Database {
    /// The embedded database in this file, created where missing.
    Sqlite(PathBuf),
    /// A `postgres://` address.
    Postgres(String),
}

/// The database and its connections. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store(Pools);

#[derive(Debug, Clone)]
enum Pools {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres { writers: PgPool, readers: PgPool },
}

const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 8;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

impl Store {
    /// Connects without touching the schema; [`Store::migrate`] brings it up to date.
    pub async fn connect(database: &Database) -> Result<Self> {
        match database {
            Database::Sqlite(file) => Self::sqlite(file).await,
            Database::Postgres(address) => Self::postgres(address).await,
        }
    }

    async fn sqlite(file: &std::path::Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A power cut can lose the last commits, never tear the file: docs/operating.md says so.
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("cache_size", "-4096")
            .pragma("mmap_size", "0")
            .pragma("temp_store", "memory");
        let writer = SqlitePoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT).connect_with(options.clone()).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .connect_with(options.create_if_missing(false).pragma("query_only", "on"))
            .await?;
        Ok(Self(Pools::Sqlite { writer, readers }))
    }

    async fn postgres(address: &str) -> Result<Self> {
        // The address may hold a password: the error must not repeat it.
        let options =
            PgConnectOptions::from_str(address).map_err(|_| Error::Address("postgres://user@host/database was expected".into()))?;
        let pool = || PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
        let writers = pool().connect_with(options.clone()).await?;
        let readers = pool()
            .connect_with(options.options([("default_transaction_read_only", "on"), ("max_parallel_workers_per_gather", "0")]))
            .await?;
        Ok(Self(Pools::Postgres { writers, readers }))
    }

    /// Runs the migrations that are missing, and fills in what SQL alone cannot.
    pub async fn migrate(&self) -> Result<()> {
        match &self.0 {
            Pools::Sqlite { writer, .. } => SQLITE.run(writer).await?,
            Pools::Postgres { writers, .. } => POSTGRES.run(writers).await?,
        }
        self.fold_group_names().await?;
        self.fold_identities().await
    }

    /// How many migrations this program knows and the database has not seen.
    pub async fn pending_migrations(&self) -> Result<usize> {
        let known = match &self.0 {
            Pools::Sqlite { .. } => SQLITE.iter(),
            Pools::Postgres { .. } => POSTGRES.iter(),
        };
        let mut tx = self.read().await?;
        let applied = if dialect::has_migrations(&mut tx).await? {
            fetch_all!(&mut tx, (i64,), "SELECT version FROM _sqlx_migrations WHERE success")
        } else {
            Vec::new()
        };
        Ok(known.filter(|migration| !applied.contains(&(migration.version,))).count())
    }

    /// A connection for reading; writing through it fails.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match &self.0 {
            Pools::Sqlite { readers, .. } => Tx::sqlite_read(readers.acquire().await?),
            Pools::Postgres { readers, .. } => Tx::postgres_read(readers.acquire().await?),
        })
    }

    /// A transaction for writing. SQLite takes its write lock at once, so that a commit never fails for having read
    /// something that changed meanwhile.
    pub async fn write(&self) -> Result<Tx> {
        Ok(match &self.0 {
            Pools::Sqlite { writer, .. } => Tx::sqlite_write(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres { writers, .. } => Tx::postgres_write(writers.begin().await?),
        })
    }

    /// Brings the search index into the form that is read fastest, after much was loaded. It goes in short transactions,
    /// so that others can write between them.
    pub async fn merge_search_index(&self) -> Result<()> {
        let mut first = true;
        loop {
            let mut tx = self.write().await?;
            let more = dialect::merge(&mut tx, first).await?;
            tx.commit().await?;
            if !more {
                return Ok(());
            }
            first = false;
        }
    }

    /// Ends every connection after what runs on it has finished.
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { writers, readers } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }

    /// The PostgreSQL pool, for what only PostgreSQL has.
    pub(crate) fn postgres_pool(&self) -> Option<&PgPool> {
        match &self.0 {
            Pools::Sqlite { .. } => None,
            Pools::Postgres { writers, .. } => Some(writers),
        }
    }
}
