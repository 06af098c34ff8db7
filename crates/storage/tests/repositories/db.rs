//! A test's database: new ids for it, and raw SQL on it for what the repositories do not tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, FromRow, PgConnection, SqliteConnection};
use storage::{Database, Store};
use testkit::Place;

const FIRST_ID: i64 = 1 << 40;

/// One test's database.
#[derive(Clone)]
pub(crate) struct Db {
    pub database: Database,
    ids: Arc<AtomicI64>,
}

impl Db {
    /// The database as the test gets it: without a table.
    pub(crate) fn at(place: Place) -> Self {
        let database = match place {
            Place::Sqlite(file) => Database::Sqlite(file),
            Place::Postgres(address) => Database::Postgres(address),
        };
        Self { database, ids: Arc::default() }
    }

    /// The database, migrated and connected to.
    pub(crate) async fn open(place: Place) -> (Self, Store) {
        let db = Self::at(place);
        let store = db.store().await;
        (db, store)
    }

    /// Connects, migrated.
    pub(crate) async fn store(&self) -> Store {
        let store = Store::connect(&self.database).await.unwrap();
        store.migrate().await.unwrap();
        store
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.database, Database::Sqlite(_))
    }

    /// An id for something new, greater than those before it, and now and then much greater: as if time had passed.
    pub(crate) fn id(&self) -> i64 {
        let number = self.ids.fetch_add(1, Ordering::SeqCst);
        [(64, 52), (32, 44), (16, 40), (8, 36)].iter().fold(FIRST_ID + number, |id, (every, bits)| id + ((number / every) << bits))
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
