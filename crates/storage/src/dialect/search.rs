//! The search index: FTS5 postings in SQLite, a GIN index over term arrays in PostgreSQL.

use domain::fold::Search;
use domain::{IdentityId, RealmId};
use sqlx::{Postgres, Sqlite};

use super::by_id::spans;
use crate::tx::Conn;
use crate::{Result, Tx};

/// A term as SQLite's index has it: it begins with its realm, so that a search walks its own realm's postings and no
/// others. A term for the realm alone would hold every row, and intersecting with it costs more than all the rest.
pub(super) fn within(realm: RealmId, term: &str) -> String {
    format!("{realm}{term}")
}

/// The terms of an identity as SQLite's index has them.
pub(super) fn sqlite_terms(realm: RealmId, terms: &[&str]) -> Vec<String> {
    terms.iter().map(|term| within(realm, term)).collect()
}

/// The terms of an identity as PostgreSQL's index has them: behind them the spans of time that it was made in.
pub(super) fn postgres_terms(id: IdentityId, terms: &[&str]) -> Vec<String> {
    terms.iter().map(|term| (*term).to_owned()).chain(spans(id)).collect()
}

/// Adds the terms of one identity.
pub(crate) async fn index(tx: &mut Tx, realm: RealmId, id: IdentityId, terms: &[&str]) -> Result<()> {
    match tx.conn() {
        Conn::Sqlite(conn) => {
            let sql = "INSERT INTO identity_search (rowid, terms) VALUES ($1, $2)";
            sqlx::query::<Sqlite>(sql).bind(id.get()).bind(sqlite_terms(realm, terms).join(" ")).execute(conn).await?;
        }
        Conn::Postgres(conn) => {
            let sql = "INSERT INTO identity_search (identity_id, terms) VALUES ($1, $2)";
            sqlx::query::<Postgres>(sql).bind(id.get()).bind(postgres_terms(id, terms)).execute(conn).await?;
        }
    }
    Ok(())
}

/// Removes the terms of one identity.
pub(crate) async fn unindex(tx: &mut Tx, id: IdentityId) -> Result<()> {
    match tx.conn() {
        Conn::Sqlite(conn) => {
            sqlx::query::<Sqlite>("DELETE FROM identity_search WHERE rowid = $1").bind(id.get()).execute(conn).await?;
        }
        Conn::Postgres(conn) => {
            sqlx::query::<Postgres>("DELETE FROM identity_search WHERE identity_id = $1").bind(id.get()).execute(conn).await?;
        }
    }
    Ok(())
}

/// Pages of the index that one step of [`merge`] writes.
const MERGE_PAGES: i64 = 500;

/// A step of bringing the index into the form that is read fastest; whether there is more to do. The first step
/// gathers what is to be merged.
pub(crate) async fn merge(tx: &mut Tx, first: bool) -> Result<bool> {
    match tx.conn() {
        Conn::Sqlite(conn) => {
            let before: i64 = sqlx::query_scalar::<Sqlite, _>("SELECT total_changes()").fetch_one(&mut *conn).await?;
            let pages = if first { -MERGE_PAGES } else { MERGE_PAGES };
            let sql = "INSERT INTO identity_search (identity_search, rank) VALUES ('merge', $1)";
            sqlx::query::<Sqlite>(sql).bind(pages).execute(&mut *conn).await?;
            let after: i64 = sqlx::query_scalar::<Sqlite, _>("SELECT total_changes()").fetch_one(&mut *conn).await?;
            // The command counts as a change itself; what it merged adds to that.
            Ok(after - before > 1)
        }
        Conn::Postgres(conn) => {
            // GIN needs no merging; the planner wants to know what was loaded.
            sqlx::query::<Postgres>("ANALYZE identities, identity_search").execute(conn).await?;
            Ok(false)
        }
    }
}

/// A search as SQL: what to select from in place of `identities i`, the condition, and what to bind to it.
pub(crate) struct Indexed {
    pub from: &'static str,
    /// The index alone, for counting.
    pub index: &'static str,
    /// Whether the index answers matches of the realm alone.
    pub knows_realm: bool,
    pub condition: &'static str,
    pub argument: Argument,
    /// The column that walks the matches in the order of their ids without sorting them; without it
    /// [`super::matches_by_id`] does.
    pub id_column: Option<&'static str>,
}

pub(crate) enum Argument {
    Match(String),
    Terms(Vec<String>),
}

/// How the search's terms are asked of this database. `?` in the condition stands for the argument.
pub(crate) fn matching(tx: &mut Tx, realm: RealmId, search: &Search) -> Indexed {
    match tx.conn() {
        // CROSS JOIN keeps SQLite from turning the join around and scanning the table.
        Conn::Sqlite(_) => Indexed {
            from: "identity_search s CROSS JOIN identities i ON i.id = s.rowid",
            index: "identity_search s",
            knows_realm: true,
            condition: "s.identity_search MATCH ?",
            argument: Argument::Match(match_expression(realm, search)),
            id_column: Some("s.rowid"),
        },
        Conn::Postgres(_) => Indexed {
            from: "identity_search s JOIN identities i ON i.id = s.identity_id",
            index: "identity_search s",
            knows_realm: false,
            condition: "s.terms @> ?",
            argument: Argument::Terms(search.terms.clone()),
            id_column: None,
        },
    }
}

/// An FTS5 expression: every term quoted, all of them wanted. Terms hold no quotation mark: it separates words.
fn match_expression(realm: RealmId, search: &Search) -> String {
    search.terms.iter().map(|term| format!("\"{}\"", within(realm, term))).collect::<Vec<_>>().join(" ")
}

/// The function that answers where a text contains another, 0 for nowhere.
pub(crate) fn position(tx: &mut Tx) -> &'static str {
    match tx.conn() {
        Conn::Sqlite(_) => "instr",
        Conn::Postgres(_) => "strpos",
    }
}

/// The condition that a folded text contains another; `?` stands for the other.
pub(crate) fn contains(tx: &mut Tx) -> &'static str {
    match tx.conn() {
        Conn::Sqlite(_) => "instr(i.search_text, ?) > 0",
        Conn::Postgres(_) => "strpos(i.search_text, ?) > 0",
    }
}
