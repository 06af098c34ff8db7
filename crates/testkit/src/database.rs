//! A database of its own for each test, on SQLite and on PostgreSQL.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::path::PathBuf;
use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _};

const POSTGRES: &str = "KEYROLL_TEST_POSTGRES_URL";

/// Where an empty database is.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file that does not exist yet.
    Sqlite(PathBuf),
    /// The address of a database without tables.
    Postgres(String),
}

/// Runs a test's body on a new SQLite database.
pub async fn on_sqlite<F>(body: fn(Place) -> F)
where
    F: Future<Output = ()>,
{
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    body(Place::Sqlite(folder.path().join("keyroll.db"))).await;
}

/// Runs a test's body on a new database of the PostgreSQL server, and drops it however the body ends.
pub async fn on_postgres<F>(body: fn(Place) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let address = std::env::var(POSTGRES).unwrap_or_else(|_| panic!("{POSTGRES} is not set: run the tests through scripts/with-postgres"));
    let server = PgConnectOptions::from_str(&address).expect("the address of the PostgreSQL server reads");
    let name = format!("keyroll_test_{:016x}", RandomState::new().build_hasher().finish());
    let mut connection = server.connect().await.expect("the PostgreSQL server answers");
    let create = sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")));
    create.execute(&mut connection).await.expect("a database can be made");
    let place = Place::Postgres(server.database(&name).to_url_lossy().to_string());
    let outcome = tokio::spawn(body(place)).await;
    let drop = sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")));
    drop.execute(&mut connection).await.expect("the database can be dropped");
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
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
