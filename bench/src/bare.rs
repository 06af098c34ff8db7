//! The baselines: the same questions asked through sqlx alone, of the search index and of the table.

use anyhow::{Result, bail};
use domain::RealmId;
use domain::fold::Search;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Postgres, Sqlite, SqliteConnection};
use storage::{Database, SortKey};

/// What a page of the list reads; the id first.
type Row = (i64, String, String, Option<String>, String, String, i64, i64, i64);

const COLUMNS: &str =
    "i.id, i.display_name, i.username, i.email, i.status, i.enrollment_status, i.passkey_count, i.group_count, i.updated_at";

/// A page and the row that tells whether there is another.
const LIMIT: u32 = 51;

/// A connection without Keyroll's layer above it.
pub(crate) enum Bare {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Bare {
    pub(crate) async fn connect(database: &Database) -> Result<Self> {
        Ok(match database {
            Database::Sqlite(file) => Self::Sqlite(SqliteConnection::connect(&format!("sqlite://{}", file.display())).await?),
            Database::Postgres(url) => Self::Postgres(PgConnection::connect(url).await?),
        })
    }

    pub(crate) async fn close(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }

    /// What PostgreSQL does by itself some time after many rows came in.
    pub(crate) async fn vacuum(&mut self) -> Result<()> {
        if let Self::Postgres(connection) = self {
            sqlx::query("VACUUM").execute(connection).await?;
        }
        Ok(())
    }

    /// The ids of the first page that the search index finds.
    pub(crate) async fn search(&mut self, realm: RealmId, search: &Search, sort: SortKey) -> Result<Vec<i64>> {
        let (from, condition, contains, id) = match self {
            Self::Sqlite(_) => {
                ("identity_search s CROSS JOIN identities i ON i.id = s.rowid", "s.identity_search MATCH $2", "instr", "s.rowid")
            }
            Self::Postgres(_) => {
                ("identity_search s JOIN identities i ON i.id = s.identity_id", "s.terms @> $2", "strpos", "s.identity_id")
            }
        };
        let contains = conditions(search, |parameter| format!("{contains}(i.search_text, {parameter}) > 0"), 3);
        let order = order(sort, id)?;
        let sql =
            format!("SELECT {COLUMNS} FROM {from} WHERE i.realm_id = $1 AND {condition} AND {contains} ORDER BY {order} LIMIT {LIMIT}");
        let rows: Vec<Row> = match self {
            Self::Sqlite(connection) => {
                let mut query = sqlx::query_as::<Sqlite, _>(AssertSqlSafe(sql)).bind(realm.get()).bind(match_expression(realm, search));
                for part in &search.parts {
                    query = query.bind(part);
                }
                query.fetch_all(connection).await?
            }
            Self::Postgres(connection) => {
                let mut query = sqlx::query_as::<Postgres, _>(AssertSqlSafe(sql)).bind(realm.get()).bind(&search.terms);
                for part in &search.parts {
                    query = query.bind(part);
                }
                query.fetch_all(connection).await?
            }
        };
        Ok(rows.iter().map(|row| row.0).collect())
    }

    /// The ids of the first page that `LIKE '%…%'` finds, in a scan.
    pub(crate) async fn scan(&mut self, realm: RealmId, search: &Search, sort: SortKey) -> Result<Vec<i64>> {
        // Left to itself, SQLite reaches every row through an index on the realm, which takes longer than the table.
        let from = if matches!(self, Self::Sqlite(_)) { "identities i NOT INDEXED" } else { "identities i" };
        let like = conditions(search, |parameter| format!("i.search_text LIKE {parameter}"), 2);
        let order = order(sort, "i.id")?;
        let sql = format!("SELECT {COLUMNS} FROM {from} WHERE i.realm_id = $1 AND {like} ORDER BY {order} LIMIT {LIMIT}");
        let rows: Vec<Row> = match self {
            Self::Sqlite(connection) => {
                let mut query = sqlx::query_as::<Sqlite, _>(AssertSqlSafe(sql)).bind(realm.get());
                for part in &search.parts {
                    query = query.bind(format!("%{part}%"));
                }
                query.fetch_all(connection).await?
            }
            Self::Postgres(connection) => {
                let mut query = sqlx::query_as::<Postgres, _>(AssertSqlSafe(sql)).bind(realm.get());
                for part in &search.parts {
                    query = query.bind(format!("%{part}%"));
                }
                query.fetch_all(connection).await?
            }
        };
        Ok(rows.iter().map(|row| row.0).collect())
    }
}

/// A condition for each part of the search, whose parameters begin with this number.
fn conditions(search: &Search, condition: impl Fn(String) -> String, first: usize) -> String {
    let conditions: Vec<String> = (first..first + search.parts.len()).map(|number| condition(format!("${number}"))).collect();
    conditions.join(" AND ")
}

fn order(sort: SortKey, id: &str) -> Result<String> {
    Ok(match sort {
        SortKey::Created => format!("{id} DESC"),
        SortKey::Name => "i.sort_name, i.id".to_owned(),
        SortKey::Username | SortKey::Updated => bail!("searches are measured by creation and by name"),
    })
}

/// An FTS5 expression of the search's terms, each within its realm.
fn match_expression(realm: RealmId, search: &Search) -> String {
    search.terms.iter().map(|term| format!("\"{realm}{term}\"")).collect::<Vec<_>>().join(" ")
}
