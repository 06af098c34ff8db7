//! The identities list: search, filters, sorting, paging by key.
//!
//! A page starts after the last row of the one before it, named by its sort key and id, so that the deepest page costs
//! what the first one does and none repeats or skips a row. A search walks the index's matches from new to old; sorted
//! otherwise, few matches are sorted, and many are found by walking the sort's index.

mod conditions;

use domain::fold::Search;
use domain::identity::{EnrollmentStatus, Source, Status};
use domain::record::IdentityRow;
use domain::{GroupId, IdentityId, RealmId, Timestamp};
use sqlx::{AssertSqlSafe, Postgres, Sqlite};

use crate::dialect;
use crate::statement::{Bound, Statement};
use crate::tx::Conn;
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

#[derive(sqlx::FromRow, serde::Deserialize)]
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
    /// In the order of the fields.
    const COLUMNS: &str = "id, display_name, username, email, status, enrollment_status, passkey_count, group_count, group_name, \
        updated_at, sort_key";

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
/// The walk goes no further: where it has not found a page by then, the matches are sorted, however many.
const MOST_WALKED: i64 = 20_000;

/// How the rows of a list are found.
enum Way {
    /// Along the sort's index, up to this row.
    Walk { until: Option<Cursor> },
    /// Through the search index.
    Matches,
}

impl Tx {
    /// One page of the list.
    pub async fn list_identities(&mut self, query: &ListQuery) -> Result<Page> {
        let way = self.way(query).await?;
        let mut rows = self.page_rows(query, &way).await?;
        if matches!(way, Way::Walk { until: Some(_) }) && rows.len() <= query.limit as usize {
            rows = self.page_rows(query, &Way::Matches).await?;
        }
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

    /// The rows of a page. SQLite hands them over as one value: each row that crosses from its thread by itself costs
    /// more than packing and unpacking it.
    async fn page_rows(&mut self, query: &ListQuery, way: &Way) -> Result<Vec<Row>> {
        let (sql, values) = self.page_statement(query, way)?;
        match self.conn() {
            Conn::Sqlite(conn) => {
                let sql = format!("SELECT json_group_array(json_array({})) FROM ({sql})", Row::COLUMNS);
                let rows = bind_all!(sqlx::query_scalar::<Sqlite, String>(AssertSqlSafe(sql)), values).fetch_one(conn).await?;
                serde_json::from_str(&rows).map_err(|_| Error::Corrupt("a page of identities"))
            }
            Conn::Postgres(conn) => {
                Ok(bind_all_postgres!(sqlx::query_as::<Postgres, Row>(AssertSqlSafe(sql)), values).fetch_all(conn).await?)
            }
        }
    }

    fn page_statement(&mut self, query: &ListQuery, way: &Way) -> Result<(String, Vec<Bound>)> {
        let mut statement = Statement::default();
        let by_id = query.sort.key == SortKey::Created;
        let (mut from, mut column, mut matches) = ("identities i", query.sort.key.column(), None);
        if let (Way::Matches, Some(search)) = (way, &query.filter.search) {
            let indexed = dialect::matching(self, query.realm, search);
            if by_id && indexed.id_column.is_none() {
                let terms = statement.bind(indexed.argument.into());
                let start = statement.bind(Bound::Number(start(query)));
                matches = Some(dialect::matches_by_id(&terms, &start, query.descending()));
            } else {
                from = indexed.from;
                // The matches are walked by the index's own id; the same number as the identity's.
                column = indexed.id_column.filter(|_| by_id).unwrap_or(column);
                statement.index(indexed);
            }
        }
        statement.filter(query.realm, &query.filter, dialect::contains(self));
        if let Some(cursor) = &query.from {
            beyond(&mut statement, query.sort.key, column, cursor, query.descending())?;
        }
        if let Way::Walk { until: Some(cursor) } = way {
            beyond(&mut statement, query.sort.key, column, cursor, !query.descending())?;
        }
        let order = order(query, column);
        let limit = statement.bind(Bound::Number(i64::from(query.limit) + 1));
        let conditions = statement.conditions.join(" AND ");
        let rows = match matches {
            // Each match by itself (OFFSET 0 sees to that), so that they stay in their order.
            Some(matches) => {
                format!(
                    "{matches} s CROSS JOIN LATERAL (SELECT * FROM identities i WHERE i.id = s.identity_id AND {conditions} OFFSET 0) i"
                )
            }
            None => format!("{from} WHERE {conditions} ORDER BY {order}"),
        };
        let sql = format!(
            "SELECT i.id, i.display_name, i.username, i.email, i.status, i.enrollment_status, i.passkey_count, i.group_count, i.updated_at, \
             CASE WHEN i.group_count > 0 THEN (SELECT g.display_name FROM group_members m JOIN groups g ON g.id = m.group_id \
             WHERE m.identity_id = i.id ORDER BY g.name_key LIMIT 1) END AS group_name, \
             CAST({} AS TEXT) AS sort_key FROM {rows} LIMIT {limit}",
            query.sort.key.column()
        );
        Ok((sql, statement.values))
    }

    /// The way that is the shorter one.
    async fn way(&mut self, query: &ListQuery) -> Result<Way> {
        let Some(search) = query.filter.search.as_ref().filter(|search| !search.terms.is_empty()) else {
            return Ok(Way::Walk { until: None });
        };
        if query.sort.key == SortKey::Created || self.count_matches(query.realm, search, MOST_SORTED + 1).await? <= MOST_SORTED {
            return Ok(Way::Matches);
        }
        Ok(Way::Walk { until: self.last_walked(query).await? })
    }

    /// The row that a walk from the page's start ends at, if the list goes that far.
    async fn last_walked(&mut self, query: &ListQuery) -> Result<Option<Cursor>> {
        let mut statement = Statement::default();
        let column = query.sort.key.column();
        statement.filter(query.realm, &Filter::default(), "");
        if let Some(cursor) = &query.from {
            beyond(&mut statement, query.sort.key, column, cursor, query.descending())?;
        }
        let (order, conditions) = (order(query, column), statement.conditions.join(" AND "));
        let skipped = statement.bind(Bound::Number(MOST_WALKED));
        let sql =
            format!("SELECT CAST({column} AS TEXT), i.id FROM identities i WHERE {conditions} ORDER BY {order} LIMIT 1 OFFSET {skipped}");
        let rows: Vec<(String, i64)> = fetch_built!(self, (String, i64), sql, statement.values);
        Ok(rows.into_iter().next().map(|(key, id)| Cursor { key, id: IdentityId::from_i64(id) }))
    }

    async fn count_matches(&mut self, realm: RealmId, search: &Search, most: i64) -> Result<i64> {
        let indexed = dialect::matching(self, realm, search);
        let from = indexed.index;
        let mut statement = Statement::default();
        statement.index(indexed);
        self.count(from, statement, most).await
    }

    /// How many identities the filter leaves, counted no further than `most`.
    pub async fn count_identities(&mut self, realm: RealmId, filter: &Filter, most: u32) -> Result<u32> {
        let mut statement = Statement::default();
        let mut from = "identities i";
        if let Some(search) = filter.search.as_ref().filter(|search| !search.terms.is_empty()) {
            let indexed = dialect::matching(self, realm, search);
            if indexed.knows_realm && filter.is_answered_by_terms() {
                return Ok(u32::try_from(self.count_matches(realm, search, i64::from(most)).await?).unwrap_or(0));
            }
            from = indexed.from;
            statement.index(indexed);
        }
        statement.filter(realm, filter, dialect::contains(self));
        Ok(u32::try_from(self.count(from, statement, i64::from(most)).await?).unwrap_or(0))
    }

    /// How many rows the statement's conditions leave, at most `most`.
    async fn count(&mut self, from: &str, mut statement: Statement, most: i64) -> Result<i64> {
        let limit = statement.bind(Bound::Number(most));
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {} LIMIT {limit}) c", statement.conditions.join(" AND "));
        let rows: Vec<(i64,)> = fetch_built!(self, (i64,), sql, statement.values);
        Ok(rows.first().map_or(0, |row| row.0))
    }
}

impl ListQuery {
    /// Whether the rows are read from the sort's high end.
    fn descending(&self) -> bool {
        self.sort.descending != self.backward
    }
}

impl Filter {
    /// Whether the search's terms say all: nothing but short words was asked for.
    fn is_answered_by_terms(&self) -> bool {
        let Self { search: Some(search), status: None, enrollment: None, source: None, group: None } = self else { return false };
        search.parts.iter().all(|part| search.terms.contains(part))
    }
}

/// The sort as SQL, in the order of reading.
fn order(query: &ListQuery, column: &str) -> String {
    let direction = if query.descending() { "DESC" } else { "ASC" };
    if query.sort.key == SortKey::Created { format!("{column} {direction}") } else { format!("{column} {direction}, i.id {direction}") }
}

/// The id that a page by id starts behind.
fn start(query: &ListQuery) -> i64 {
    let before_all = if query.descending() { i64::MAX } else { 0 };
    query.from.as_ref().map_or(before_all, |cursor| cursor.id.get())
}

/// Narrows to the rows on the far side of the cursor.
fn beyond(statement: &mut Statement, key: SortKey, column: &str, cursor: &Cursor, descending: bool) -> Result<()> {
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

#[cfg(test)]
mod plans;
