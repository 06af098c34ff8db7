//! The next mail to send: in PostgreSQL past those that other processes hold.

use domain::Timestamp;
use sqlx::{Postgres, Sqlite};

use crate::tx::Conn;
use crate::{Result, Tx};

// The first condition is the index's own, word for word; the second leaves out what must not be sent again.
macro_rules! due {
    ($lock:literal) => {
        concat!(
            "SELECT job_id, realm_id, recipient, attempts FROM outbox WHERE state IN ('QUEUED', 'SENDING', 'HANDED_OVER') ",
            "AND state <> 'HANDED_OVER' AND due_at <= $1 ORDER BY due_at, job_id LIMIT 1",
            $lock
        )
    };
}

/// Job, realm, recipient and attempts of the mail that has been due for longest.
pub(crate) async fn due_mail(tx: &mut Tx, now: Timestamp) -> Result<Option<(i64, i64, String, i64)>> {
    let now = now.micros();
    Ok(match tx.conn() {
        Conn::Sqlite(conn) => sqlx::query_as::<Sqlite, _>(due!("")).bind(now).fetch_optional(conn).await?,
        Conn::Postgres(conn) => sqlx::query_as::<Postgres, _>(due!(" FOR UPDATE SKIP LOCKED")).bind(now).fetch_optional(conn).await?,
    })
}
