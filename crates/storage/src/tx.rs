//! A transaction, and how a statement runs on whichever database it belongs to.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use crate::Result;

/// A transaction with the repositories on it, or a reading connection with the same repositories.
///
/// Dropped without [`Tx::commit`], nothing of it has happened.
pub struct Tx(Inner);

enum Inner {
    SqliteWrite(Transaction<'static, Sqlite>),
    SqliteRead(PoolConnection<Sqlite>),
    PostgresWrite(Transaction<'static, Postgres>),
    PostgresRead(PoolConnection<Postgres>),
}

/// The connection under a [`Tx`].
pub(crate) enum Conn<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Tx {
    pub(crate) fn sqlite_write(tx: Transaction<'static, Sqlite>) -> Self {
        Self(Inner::SqliteWrite(tx))
    }

    pub(crate) fn sqlite_read(connection: PoolConnection<Sqlite>) -> Self {
        Self(Inner::SqliteRead(connection))
    }

    pub(crate) fn postgres_write(tx: Transaction<'static, Postgres>) -> Self {
        Self(Inner::PostgresWrite(tx))
    }

    pub(crate) fn postgres_read(connection: PoolConnection<Postgres>) -> Self {
        Self(Inner::PostgresRead(connection))
    }

    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match &mut self.0 {
            Inner::SqliteWrite(tx) => Conn::Sqlite(tx),
            Inner::SqliteRead(connection) => Conn::Sqlite(connection),
            Inner::PostgresWrite(tx) => Conn::Postgres(tx),
            Inner::PostgresRead(connection) => Conn::Postgres(connection),
        }
    }

    /// Makes the change durable: afterwards everything of it is true, or with an error nothing.
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Inner::SqliteWrite(tx) => tx.commit().await?,
            Inner::PostgresWrite(tx) => tx.commit().await?,
            Inner::SqliteRead(_) | Inner::PostgresRead(_) => {}
        }
        Ok(())
    }
}

/// Runs the same sqlx expression on the database that the transaction belongs to. `Db` names its sqlx type in the
/// expression, and the identifier before `=>` the connection.
macro_rules! on {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx.conn() {
            $crate::tx::Conn::Sqlite($conn) => {
                type Db = ::sqlx::Sqlite;
                $body
            }
            $crate::tx::Conn::Postgres($conn) => {
                type Db = ::sqlx::Postgres;
                $body
            }
        }
    };
}

/// Executes a statement with its bound values and answers the number of rows that it touched.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, conn => ::sqlx::query::<Db>($sql)$(.bind($value))*.execute(conn).await?.rows_affected())
    };
}

/// Reads at most one row into the given type.
macro_rules! fetch_optional {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, conn => ::sqlx::query_as::<Db, $row>($sql)$(.bind($value))*.fetch_optional(conn).await?)
    };
}

/// Reads all rows into the given type.
macro_rules! fetch_all {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, conn => ::sqlx::query_as::<Db, $row>($sql)$(.bind($value))*.fetch_all(conn).await?)
    };
}

/// Reads exactly one row into the given type.
macro_rules! fetch_one {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, conn => ::sqlx::query_as::<Db, $row>($sql)$(.bind($value))*.fetch_one(conn).await?)
    };
}
