//! A statement put together at run time, with its values, for either database.

use domain::RealmId;

use super::Filter;
use crate::dialect::{Argument, Indexed};

/// A value bound to a statement.
pub(super) enum Bound {
    Number(i64),
    Text(String),
    Terms(Vec<String>),
}

impl From<Argument> for Bound {
    fn from(argument: Argument) -> Self {
        match argument {
            Argument::Match(expression) => Self::Text(expression),
            Argument::Terms(terms) => Self::Terms(terms),
        }
    }
}

/// A statement in the making: text with `$n` placeholders, and the values in their order.
#[derive(Default)]
pub(super) struct Statement {
    pub(super) conditions: Vec<String>,
    pub(super) values: Vec<Bound>,
}

impl Statement {
    /// Adds a value and answers its placeholder.
    pub(super) fn bind(&mut self, value: Bound) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// Adds a condition in which `?` stands for the value.
    pub(super) fn require(&mut self, condition: &str, value: Bound) {
        let placeholder = self.bind(value);
        self.conditions.push(condition.replace('?', &placeholder));
    }

    pub(super) fn filter(&mut self, realm: RealmId, filter: &Filter, contains: &str) {
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
            self.require(
                "EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = ? AND m.identity_id = i.id)",
                Bound::Number(group.get()),
            );
        }
        for part in filter.search.iter().flat_map(|search| &search.parts) {
            self.require(contains, Bound::Text(part.clone()));
        }
    }

    pub(super) fn index(&mut self, indexed: Indexed) {
        self.require(indexed.condition, indexed.argument.into());
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
