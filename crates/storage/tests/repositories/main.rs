//! Every repository, on SQLite and on PostgreSQL, each test in a database of its own.
//!
//! PostgreSQL's address is taken from `KEYROLL_TEST_POSTGRES_URL`; `scripts/with-postgres` starts one and sets it.

#![expect(clippy::unwrap_used, reason = "clippy knows test functions, but not the bodies and helpers that they share")]

/// Makes of each named function the tests `NAME::sqlite` and `NAME::postgres`.
macro_rules! on_both {
    ($($body:ident),+ $(,)?) => {$(
        mod $body {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::db::on_sqlite(super::$body).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::db::on_postgres(super::$body).await;
            }
        }
    )+};
}

/// Makes of each named function the test `NAME::postgres`: what SQLite does not have.
macro_rules! on_postgres {
    ($($body:ident),+ $(,)?) => {$(
        mod $body {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::db::on_postgres(super::$body).await;
            }
        }
    )+};
}

mod binding_jobs;
mod bulk;
mod ceremonies;
mod db;
mod events;
mod identities;
mod kept;
mod list;
mod made;
mod migrations;
mod news;
mod passkeys;
mod people;
mod policies;
mod races;
mod realms;
mod search;
mod searched_list;
mod seed;
mod sessions;
mod transactions;
mod uniqueness;
