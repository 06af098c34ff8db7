//! Many ids bound as one value: a JSON array, unpacked inside the database.

use crate::Tx;
use crate::tx::Conn;

/// The value to bind as `$1`.
pub(crate) fn ids(ids: impl Iterator<Item = i64>) -> String {
    let ids: Vec<_> = ids.map(|id| id.to_string()).collect();
    format!("[{}]", ids.join(","))
}

/// The statement with a table `among` before it, whose column `id` holds the ids of `$1`.
pub(crate) fn among(tx: &mut Tx, sql: &str) -> String {
    let unpacked = match tx.conn() {
        Conn::Sqlite(_) => "SELECT value FROM json_each($1)",
        Conn::Postgres(_) => "SELECT value::bigint FROM json_array_elements_text($1::json)",
    };
    format!("WITH among (id) AS ({unpacked}) {sql}")
}
