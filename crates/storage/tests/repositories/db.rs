//! A database of its own for each test, and raw SQL on it for what the repositories do not tell.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, FromRow, PgConnection, SqliteConnection};
use storage::{Database, Store};

const POSTGRES: &str = "KEYROLL_TEST_POSTGRES_URL";

/// One test's database: empty, until [`Db::store`] has migrated it.
#[derive(Clone)]
pub(crate) struct Db {
    pub database: Database,
    latest_id: Arc<AtomicI64>,
}

impl Db {
    fn at(database: Database) -> Self {
        Self { database, latest_id: Arc::new(AtomicI64::new(1 << 40)) }
    }

    /// Connects and migrates.
    pub(crate) async fn store(&self) -> Store {
        let store = Store::connect(&self.database).await.unwrap();
        store.migrate().await.unwrap();
        store
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.database, Database::Sqlite(_))
    }

    /// An id for something new, greater than those before it.
    pub(crate) fn id(&self) -> i64 {
        self.latest_id.fetch_add(1, Ordering::SeqCst)
    }

    /// Executes statements past the repositories.
    pub(crate) async fn execute(&self, sql: &str) -> sqlx::Result<()> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match &self.database {
            Database::Sqlite(_) => sql.execute(&mut self.sqlite().await).await.map(|_| ()),
            Database::Postgres(_) => sql.execute(&mut self.postgres().await).await.map(|_| ()),
        }
    }

    /// Reads rows past the repositories.
    pub(crate) async fn rows<T>(&self, sql: &str) -> Vec<T>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let rows = match &self.database {
            Database::Sqlite(_) => sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut self.sqlite().await).await,
            Database::Postgres(_) => sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut self.postgres().await).await,
        };
        rows.unwrap()
    }

    /// The number that a query answers.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.rows::<(i64,)>(sql).await[0].0
    }

    pub(crate) async fn sqlite(&self) -> SqliteConnection {
        let Database::Sqlite(file) = &self.database else { panic!("not SQLite") };
        sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true).foreign_keys(true).connect().await.unwrap()
    }

    pub(crate) async fn postgres(&self) -> PgConnection {
        let Database::Postgres(address) = &self.database else { panic!("not PostgreSQL") };
        PgConnection::connect(address).await.unwrap()
    }
}

/// Runs a test's body on a new SQLite database.
pub(crate) async fn on_sqlite<F>(body: fn(Db) -> F)
where
    F: Future<Output = ()>,
{
    let folder = tempfile::tempdir().unwrap();
    body(Db::at(Database::Sqlite(folder.path().join("keyroll.db")))).await;
}

/// Runs a test's body on a new database of the PostgreSQL server, dropped however the body ends.
pub(crate) async fn on_postgres<F>(body: fn(Db) -> F)
where
    F: Future<Output = ()>,
{
    let address = std::env::var(POSTGRES).unwrap_or_else(|_| panic!("{POSTGRES} is not set: run the tests through scripts/with-postgres"));
    let server = PgConnectOptions::from_str(&address).unwrap();
    let name = format!("keyroll_test_{:016x}", RandomState::new().build_hasher().finish());
    execute_at(&server, format!("CREATE DATABASE {name}")).await;
    let own = server.clone().database(&name).to_url_lossy().to_string();
    let _dropped_at_the_end = OnServer { server, name };
    body(Db::at(Database::Postgres(own))).await;
}

async fn execute_at(server: &PgConnectOptions, sql: String) {
    let mut connection = server.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
}

/// A database on the server, for as long as this value lives.
struct OnServer {
    server: PgConnectOptions,
    name: String,
}

impl Drop for OnServer {
    fn drop(&mut self) {
        let (server, sql) = (self.server.clone(), format!("DROP DATABASE {} WITH (FORCE)", self.name));
        // A thread of its own, because the test's runtime cannot wait while a panic unwinds through it.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute_at(&server, sql));
        });
        assert!(dropping.join().is_ok() || std::thread::panicking(), "the test's database could not be dropped");
    }
}
