//! The audit log's words and seals: FTS5 and JSON in SQLite, `tsvector` and arrays in PostgreSQL.

use domain::{EventId, RealmId};
use sqlx::{Postgres, Sqlite};

use super::search::within;
use crate::tx::Conn;
use crate::{Result, Tx};

/// Any number will do, as long as nothing else in the database uses it.
const SEALING: i64 = 0x6b65_7972_6f6c_6c02;

/// Adds the words of an event.
pub(crate) async fn index_event(tx: &mut Tx, realm: RealmId, id: EventId, terms: &[String]) -> Result<()> {
    match tx.conn() {
        Conn::Sqlite(conn) => {
            let terms: Vec<_> = terms.iter().map(|term| within(realm, term)).collect();
            let sql = "INSERT INTO event_search (rowid, terms) VALUES ($1, $2)";
            sqlx::query::<Sqlite>(sql).bind(id.get()).bind(terms.join(" ")).execute(conn).await?;
        }
        Conn::Postgres(conn) => {
            let sql = "INSERT INTO event_search (event_id, terms) VALUES ($1, array_to_tsvector($2))";
            sqlx::query::<Postgres>(sql).bind(id.get()).bind(terms).execute(conn).await?;
        }
    }
    Ok(())
}

/// The column that is null where an event has no words in the index yet, in a statement about `q.event_id`.
pub(crate) fn indexed_event(tx: &mut Tx) -> &'static str {
    match tx.conn() {
        Conn::Sqlite(_) => "(SELECT s.rowid FROM event_search s WHERE s.rowid = q.event_id)",
        Conn::Postgres(_) => "(SELECT s.event_id FROM event_search s WHERE s.event_id = q.event_id)",
    }
}

/// Removes the words of the events that a realm's chain has let go of.
pub(crate) async fn unindex_removed_events(tx: &mut Tx, realm: RealmId, up_to: i64) -> Result<()> {
    let sql = match tx.conn() {
        Conn::Sqlite(_) => {
            "DELETE FROM event_search WHERE rowid IN (SELECT event_id FROM event_seals WHERE realm_id = $1 AND position <= $2)"
        }
        Conn::Postgres(_) => {
            "DELETE FROM event_search WHERE event_id IN (SELECT event_id FROM event_seals WHERE realm_id = $1 AND position <= $2)"
        }
    };
    execute!(tx, sql, realm.get(), up_to);
    Ok(())
}

/// A search of the log as SQL: what to select from, the id in whose order it is read, the condition, and its value.
pub(crate) struct EventSearch {
    pub from: &'static str,
    pub id: &'static str,
    pub condition: &'static str,
    pub value: String,
}

/// How words that begin like these are asked for. They hold no quotation mark: it separates words.
pub(crate) fn events_matching(tx: &mut Tx, realm: RealmId, beginnings: &[String]) -> EventSearch {
    match tx.conn() {
        // CROSS JOIN keeps SQLite from turning the join around and scanning the table.
        Conn::Sqlite(_) => EventSearch {
            from: "event_search q CROSS JOIN events e ON e.id = q.rowid",
            id: "q.rowid",
            condition: "q.event_search MATCH ?",
            value: beginnings.iter().map(|word| format!("\"{}\"*", within(realm, word))).collect::<Vec<_>>().join(" "),
        },
        Conn::Postgres(_) => EventSearch {
            from: "event_search q JOIN events e ON e.id = q.event_id",
            id: "e.id",
            condition: "q.terms @@ CAST(? AS tsquery)",
            value: beginnings.iter().map(|word| format!("'{word}':*")).collect::<Vec<_>>().join(" & "),
        },
    }
}

/// Whether this transaction alone seals until it ends; `false` where another process is at it.
pub(crate) async fn lock_sealing(tx: &mut Tx) -> Result<bool> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(true) };
    Ok(sqlx::query_scalar::<Postgres, bool>("SELECT pg_try_advisory_xact_lock($1)").bind(SEALING).fetch_one(conn).await?)
}

/// Inserts seals: a JSON array of realm, position, event and the hash in hex digits.
pub(crate) async fn insert_seals(tx: &mut Tx, seals: &str) -> Result<()> {
    let sql = match tx.conn() {
        Conn::Sqlite(_) => {
            "INSERT INTO event_seals (realm_id, position, event_id, hash) \
             SELECT value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3) FROM json_each($1)"
        }
        Conn::Postgres(_) => {
            "INSERT INTO event_seals (realm_id, position, event_id, hash) \
             SELECT (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::bigint, decode(v ->> 3, 'hex') FROM json_array_elements($1::json) v"
        }
    };
    execute!(tx, sql, seals);
    Ok(())
}
