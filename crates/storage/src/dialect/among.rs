//! Many ids bound as one value: a JSON array, unpacked inside the database.

use crate::Tx;
use crate::tx::Conn;

/// The value to bind as `$1`.
pub(crate) fn ids(ids: impl Iterator<Item = i64>) -> String {
    let ids: Vec<_> = ids.map(|id| id.to_string()).collect();
    format!("[{}]", ids.join(","))
}

/// The texts of a JSON array, bound as this parameter, as a query.
pub(crate) fn among_texts(tx: &mut Tx, parameter: &str) -> String {
    match tx.conn() {
        Conn::Sqlite(_) => format!("SELECT value FROM json_each({parameter})"),
        Conn::Postgres(_) => format!("SELECT value FROM json_array_elements_text({parameter}::json)"),
    }
}

/// A column of bytes in hex digits.
pub(crate) fn hex(tx: &mut Tx, column: &str) -> String {
    match tx.conn() {
        Conn::Sqlite(_) => format!("hex({column})"),
        Conn::Postgres(_) => format!("encode({column}, 'hex')"),
    }
}

/// The statement with a table `among` before it, whose column `id` holds the ids of `$1`.
pub(crate) fn among(tx: &mut Tx, sql: &str) -> String {
    let unpacked = match tx.conn() {
        Conn::Sqlite(_) => "SELECT value FROM json_each($1)",
        Conn::Postgres(_) => "SELECT value::bigint FROM json_array_elements_text($1::json)",
    };
    format!("WITH among (id) AS ({unpacked}) {sql}")
}

/// The same with each id's place, from 1 on, in a column `position`.
pub(crate) fn among_in_order(tx: &mut Tx, sql: &str) -> String {
    let unpacked = match tx.conn() {
        Conn::Sqlite(_) => "SELECT key + 1, value FROM json_each($1)",
        Conn::Postgres(_) => "SELECT place, value::bigint FROM json_array_elements_text($1::json) WITH ORDINALITY AS given (value, place)",
    };
    format!("WITH among (position, id) AS ({unpacked}) {sql}")
}
