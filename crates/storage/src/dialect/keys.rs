//! Filling in, many at a time, the folded forms that filters compare.

use crate::Result;
use crate::Tx;
use crate::tx::Conn;

/// Writes the folded name and address of each row that still has the name and address that they were folded from. A row is
/// an array of the id, the name, the address and their folded forms.
pub(crate) async fn set_keys(tx: &mut Tx, rows: &str) -> Result<()> {
    let sql = match tx.conn() {
        Conn::Sqlite(_) => {
            "UPDATE identities SET name_key = k.value ->> 3, email_key = k.value ->> 4 FROM json_each($1) k \
             WHERE identities.id = k.value ->> 0 AND display_name = k.value ->> 1 AND email IS (k.value ->> 2)"
        }
        Conn::Postgres(_) => {
            "UPDATE identities SET name_key = k.value ->> 3, email_key = k.value ->> 4 FROM json_array_elements($1::json) k (value) \
             WHERE identities.id = (k.value ->> 0)::bigint AND display_name = k.value ->> 1 AND email IS NOT DISTINCT FROM (k.value ->> 2)"
        }
    };
    execute!(tx, sql, rows);
    Ok(())
}
