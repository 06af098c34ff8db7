//! The identities list: search, filters, sorting, paging by key.
//!
//! A page starts after the last row of the one before it, named by its sort key and id, so that the deepest page costs
//! what the first one does and none repeats or skips a row. A search walks the index's matches from new to old; sorted
//! otherwise, few matches are sorted, and many are found by walking the sort's index.

use domain::fold::Search;
use domain::identity::{EnrollmentStatus, Source, Status};
use domain::record::IdentityRow;
use domain::{GroupId, IdentityId, RealmId, Timestamp};
use sqlx::AssertSqlSafe;

use crate::dialect::{self, Argument, Indexed};
use crate::{Error, Result, Tx};

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    Name,
    Username,
    Created,
    Updated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub key: SortKey,
    pub descending: bool,
}

/// Which identities are listed; absent parts do not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub search: Option<Search>,
    pub status: Option<Status>,
    pub enrollment: Option<EnrollmentStatus>,
    pub source: Option<Source>,
    pub group: Option<GroupId>,
}

/// The row that a page starts after: its sort key as text (numbers in decimal) and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub key: String,
    pub id: IdentityId,
}

#[derive(Debug, Clone)]
pub struct ListQuery {
    pub realm: RealmId,
    pub filter: Filter,
    pub sort: Sort,
    /// Rows after this one; with `backward`, rows before it.
    pub from: Option<Cursor>,
    pub backward: bool,
    pub limit: u32,
}

/// A page, in the list's order whichever way it was read.
#[derive(Debug, Clone)]
pub struct Page {
    pub rows: Vec<IdentityRow>,
    /// Where the page before this one ends, if there is one.
    pub previous: Option<Cursor>,
    /// Where the next page starts, if there is one.
    pub next: Option<Cursor>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    display_name: String,
    username: String,
    email: Option<String>,
    status: String,
    enrollment_status: String,
    passkey_count: i64,
    group_count: i64,
    group_name: Option<String>,
    updated_at: i64,
    sort_key: String,
}

impl Row {
    fn cursor(&self) -> Cursor {
        Cursor { key: self.sort_key.clone(), id: IdentityId::from_i64(self.id) }
    }
}

impl TryFrom<Row> for IdentityRow {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: IdentityId::from_i64(row.id),
            display_name: row.display_name,
            username: row.username,
            email: row.email,
            status: Status::read(&row.status).ok_or(Error::Corrupt("identity status"))?,
            enrollment: EnrollmentStatus::read(&row.enrollment_status).ok_or(Error::Corrupt("enrollment status"))?,
            passkeys: u32::try_from(row.passkey_count).unwrap_or(0),
            groups: u32::try_from(row.group_count).unwrap_or(0),
            group: row.group_name,
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl SortKey {
    const fn column(self) -> &'static str {
        match self {
            Self::Name => "i.sort_name",
            Self::Username => "i.username_key",
            Self::Created => "i.id",
            Self::Updated => "i.updated_at",
        }
    }

    const fn is_text(self) -> bool {
        matches!(self, Self::Name | Self::Username)
    }
}

/// Above this many matches, walking the sort's index finds a page sooner than sorting the matches does.
const MOST_SORTED: i64 = 5_000;

/// A value bound to a statement.
enum Bound {
    Number(i64),
    Text(String),
    Terms(Vec<String>),
}

/// A statement in the making: text with `$n` placeholders, and the values in their order.
#[derive(Default)]
struct Statement {
    conditions: Vec<String>,
    values: Vec<Bound>,
}

impl Statement {
    /// Adds a value and answers its placeholder.
    fn bind(&mut self, value: Bound) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// Adds a condition in which `?` stands for the value.
    fn require(&mut self, condition: &str, value: Bound) {
        let placeholder = self.bind(value);
        self.conditions.push(condition.replace('?', &placeholder));
    }

    fn filter(&mut self, realm: RealmId, filter: &Filter, contains: &str) {
        self.require("i.realm_id = ?", Bound::Number(realm.get()));
        if let Some(status) = filter.status {
            self.require("i.status = ?", Bound::Text(status.to_string()));
        }
        if let Some(enrollment) = filter.enrollment {
            self.require("i.enrollment_status = ?", Bound::Text(enrollment.to_string()));
        }
        if let Some(source) = filter.source {
            self.require("i.source = ?", Bound::Text(source.to_string()));
        }
        if let Some(group) = filter.group {
            self.require("EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = ? AND m.identity_id = i.id)", Bound::Number(group.get()));
        }
        for part in filter.search.iter().flat_map(|search| &search.parts) {
            self.require(contains, Bound::Text(part.clone()));
        }
    }

    fn index(&mut self, indexed: Indexed) {
        let value = match indexed.argument {
            Argument::Match(expression) => Bound::Text(expression),
            Argument::Terms(terms) => Bound::Terms(terms),
        };
        self.require(indexed.condition, value);
    }
}

macro_rules! bind_all {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Bound::Number(number) => query.bind(number),
                Bound::Text(text) => query.bind(text),
                Bound::Terms(_) => unreachable!("only PostgreSQL is asked for terms"),
            };
        }
        query
    }};
}

macro_rules! bind_all_postgres {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Bound::Number(number) => query.bind(number),
                Bound::Text(text) => query.bind(text),
                Bound::Terms(terms) => query.bind(terms),
            };
        }
        query
    }};
}

/// Reads all rows of a statement put together at run time from the fragments in this file.
macro_rules! fetch_built {
    ($tx:expr, $row:ty, $sql:expr, $values:expr) => {
        match $tx.conn() {
            crate::tx::Conn::Sqlite(conn) => {
                bind_all!(sqlx::query_as::<sqlx::Sqlite, $row>(AssertSqlSafe($sql)), $values).fetch_all(conn).await?
            }
            crate::tx::Conn::Postgres(conn) => {
                bind_all_postgres!(sqlx::query_as::<sqlx::Postgres, $row>(AssertSqlSafe($sql)), $values).fetch_all(conn).await?
            }
        }
    };
}

impl Tx {
    /// One page of the list.
    pub async fn list_identities(&mut self, query: &ListQuery) -> Result<Page> {
        let (sql, values) = self.page_statement(query).await?;
        let mut rows: Vec<Row> = fetch_built!(self, Row, sql, values);
        let more = rows.len() > query.limit as usize;
        rows.truncate(query.limit as usize);
        if query.backward {
            rows.reverse();
        }
        let (before, after) = if query.backward { (more, query.from.is_some()) } else { (query.from.is_some(), more) };
        let previous = rows.first().filter(|_| before).map(Row::cursor);
        let next = rows.last().filter(|_| after).map(Row::cursor);
        let rows = rows.into_iter().map(IdentityRow::try_from).collect::<Result<_>>()?;
        Ok(Page { rows, previous, next })
    }

    async fn page_statement(&mut self, query: &ListQuery) -> Result<(String, Vec<Bound>)> {
        let mut statement = Statement::default();
        let indexed = self.indexed(query).await?;
        let from = indexed.as_ref().map_or("identities i", |indexed| indexed.from);
        // The matches are walked by the index's own id; the same number as the identity's.
        let id = indexed.as_ref().map_or("i.id", |indexed| indexed.id_column);
        let column = if query.sort.key == SortKey::Created { id } else { query.sort.key.column() };
        if let Some(indexed) = indexed {
            statement.index(indexed);
        }
        statement.filter(query.realm, &query.filter, self.contains());
        let descending = query.sort.descending != query.backward;
        if let Some(cursor) = &query.from {
            after(&mut statement, query.sort.key, column, cursor, descending)?;
        }
        let direction = if descending { "DESC" } else { "ASC" };
        let order = if query.sort.key == SortKey::Created { format!("{column} {direction}") } else { format!("{column} {direction}, i.id {direction}") };
        let limit = statement.bind(Bound::Number(i64::from(query.limit) + 1));
        let conditions = statement.conditions.join(" AND ");
        let sql = format!(
            "SELECT i.id, i.display_name, i.username, i.email, i.status, i.enrollment_status, i.passkey_count, i.group_count, i.updated_at, \
             CASE WHEN i.group_count > 0 THEN (SELECT g.display_name FROM group_members m JOIN groups g ON g.id = m.group_id \
             WHERE m.identity_id = i.id ORDER BY g.name_key LIMIT 1) END AS group_name, \
             CAST({} AS TEXT) AS sort_key FROM {from} WHERE {conditions} ORDER BY {order} LIMIT {limit}",
            query.sort.key.column()
        );
        Ok((sql, statement.values))
    }

    /// The search index, where it is the shorter way.
    async fn indexed(&mut self, query: &ListQuery) -> Result<Option<Indexed>> {
        let Some(search) = query.filter.search.as_ref().filter(|search| !search.terms.is_empty()) else { return Ok(None) };
        if query.sort.key != SortKey::Created && self.count_matches(query.realm, search, MOST_SORTED + 1).await? > MOST_SORTED {
            return Ok(None);
        }
        Ok(Some(dialect::matching(self, query.realm, search)))
    }

    async fn count_matches(&mut self, realm: RealmId, search: &Search, most: i64) -> Result<i64> {
        let indexed = dialect::matching(self, realm, search);
        let index = indexed.index;
        let mut statement = Statement::default();
        statement.index(indexed);
        let limit = statement.bind(Bound::Number(most));
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {} LIMIT {limit}) c", statement.conditions.join(" AND "));
        let rows: Vec<(i64,)> = fetch_built!(self, (i64,), sql, statement.values);
        Ok(rows.first().map_or(0, |row| row.0))
    }

    /// How many identities the filter leaves, counted no further than `most`.
    pub async fn count_identities(&mut self, realm: RealmId, filter: &Filter, most: u32) -> Result<u32> {
        let mut statement = Statement::default();
        let mut from = "identities i";
        if let Some(search) = filter.search.as_ref().filter(|search| !search.terms.is_empty()) {
            let indexed = dialect::matching(self, realm, search);
            from = indexed.from;
            statement.index(indexed);
        }
        statement.filter(realm, filter, self.contains());
        let limit = statement.bind(Bound::Number(i64::from(most)));
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {} LIMIT {limit}) c", statement.conditions.join(" AND "));
        let rows: Vec<(i64,)> = fetch_built!(self, (i64,), sql, statement.values);
        Ok(rows.first().and_then(|row| u32::try_from(row.0).ok()).unwrap_or(0))
    }

    /// A text contains another, to the letter.
    fn contains(&mut self) -> &'static str {
        dialect::contains(self)
    }
}

/// Narrows to the rows on the far side of the cursor.
fn after(statement: &mut Statement, key: SortKey, column: &str, cursor: &Cursor, descending: bool) -> Result<()> {
    let comparison = if descending { "<" } else { ">" };
    let id = Bound::Number(cursor.id.get());
    if key == SortKey::Created {
        statement.require(&format!("{column} {comparison} ?"), id);
        return Ok(());
    }
    let value = match cursor.key.parse() {
        _ if key.is_text() && !cursor.key.contains('\0') => Bound::Text(cursor.key.clone()),
        Ok(number) if !key.is_text() => Bound::Number(number),
        _ => return Err(Error::Corrupt("cursor")),
    };
    let value = statement.bind(value);
    statement.require(&format!("({column}, i.id) {comparison} ({value}, ?)"), id);
    Ok(())
}
