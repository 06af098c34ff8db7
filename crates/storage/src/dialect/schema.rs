//! What each database knows of its own tables.

use crate::tx::Conn;
use crate::{Result, Tx};

/// Whether the database has ever been migrated.
pub(crate) async fn has_migrations(tx: &mut Tx) -> Result<bool> {
    let sql = match tx.conn() {
        Conn::Sqlite(_) => "SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'",
        Conn::Postgres(_) => "SELECT count(to_regclass('_sqlx_migrations'))",
    };
    Ok(fetch_one!(tx, (i64,), sql).0 == 1)
}
