//! A database of its own for each test, on SQLite and on PostgreSQL.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection, SqliteConnection};

const POSTGRES: &str = "KEYROLL_TEST_POSTGRES_URL";

/// Where an empty database is.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file that does not exist yet.
    Sqlite(PathBuf),
    /// The address of a database without tables.
    Postgres(String),
}

impl Place {
    /// Executes statements past Keyroll, as somebody would who can write to the database.
    pub async fn execute(&self, sql: &str) {
        self.try_execute(sql).await.expect("the database does as it is told");
    }

    /// The same, where the database may refuse; what it says then.
    pub async fn try_execute(&self, sql: &str) -> Result<(), String> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        let done = match self {
            Self::Sqlite(file) => sql.execute(&mut sqlite(file).await).await.map(|_| ()),
            Self::Postgres(address) => sql.execute(&mut postgres(address).await).await.map(|_| ()),
        };
        done.map_err(|error| error.to_string())
    }

    /// The number that a query answers.
    pub async fn number(&self, sql: &str) -> i64 {
        let number = match self {
            Self::Sqlite(file) => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut sqlite(file).await).await,
            Self::Postgres(address) => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut postgres(address).await).await,
        };
        number.expect("the database answers a number")
    }
}

async fn sqlite(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.expect("the file opens")
}

async fn postgres(address: &str) -> PgConnection {
    let server = PgConnectOptions::from_str(address).expect("the address of the database reads");
    server.connect().await.expect("the database answers")
}

/// Runs a test's body on a new SQLite database.
pub async fn on_sqlite<F>(body: fn(Place) -> F)
where
    F: Future<Output = ()>,
{
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    body(Place::Sqlite(folder.path().join("keyroll.db"))).await;
}

/// Runs a test's body on a new database of the PostgreSQL server, dropped however the body ends.
pub async fn on_postgres<F>(body: fn(Place) -> F)
where
    F: Future<Output = ()>,
{
    let address = std::env::var(POSTGRES).unwrap_or_else(|_| panic!("{POSTGRES} is not set: run the tests through scripts/with-postgres"));
    let server = PgConnectOptions::from_str(&address).expect("the address of the PostgreSQL server reads");
    let name = format!("keyroll_test_{:016x}", RandomState::new().build_hasher().finish());
    execute_at(&server, format!("CREATE DATABASE {name}")).await;
    let place = Place::Postgres(server.clone().database(&name).to_url_lossy().to_string());
    let _dropped_at_the_end = OnServer { server, name };
    body(place).await;
}

async fn execute_at(server: &PgConnectOptions, sql: String) {
    let mut connection = server.connect().await.expect("the PostgreSQL server answers");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("the PostgreSQL server does as it is told");
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
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
            runtime.block_on(execute_at(&server, sql));
        });
        assert!(dropping.join().is_ok() || std::thread::panicking(), "the test's database could not be dropped");
    }
}

/// Makes of each named function, `async fn name(place: testkit::Place)`, the tests `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($body:ident),+ $(,)?) => {$(
        mod $body {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::on_sqlite(super::$body).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::on_postgres(super::$body).await;
            }
        }
    )+};
}

/// Makes of each named function the test `name::postgres`: for what SQLite does not have.
#[macro_export]
macro_rules! postgres_only {
    ($($body:ident),+ $(,)?) => {$(
        mod $body {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::on_postgres(super::$body).await;
            }
        }
    )+};
}
