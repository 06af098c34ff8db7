//! The next batch to work on: in PostgreSQL past those that other processes are at, for as long as their transactions last.

use sqlx::{Postgres, Sqlite};

use crate::batches::ClaimedRow;
use crate::tx::Conn;
use crate::{Result, Tx};

macro_rules! unfinished {
    ($lock:literal) => {
        concat!(
            "SELECT b.id, b.realm_id, b.delivery_method, b.redirect_uri, b.actor_kind, b.actor_id, b.actor_name, b.permissions ",
            "FROM batches b WHERE b.id IN (SELECT batch_id FROM batch_items WHERE state = 'PENDING') ORDER BY b.id LIMIT 1",
            $lock
        )
    };
}

/// The oldest batch in which somebody's job is still to be made.
pub(crate) async fn unfinished_batch(tx: &mut Tx) -> Result<Option<ClaimedRow>> {
    Ok(match tx.conn() {
        Conn::Sqlite(conn) => sqlx::query_as::<Sqlite, _>(unfinished!("")).fetch_optional(conn).await?,
        Conn::Postgres(conn) => {
            sqlx::query_as::<Postgres, _>(unfinished!(" FOR NO KEY UPDATE OF b SKIP LOCKED")).fetch_optional(conn).await?
        }
    })
}
