//! A statement put together at run time, with its values, for either database.

use crate::dialect::Argument;

/// A value bound to a statement.
pub(crate) enum Bound {
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
pub(crate) struct Statement {
    pub(crate) conditions: Vec<String>,
    pub(crate) values: Vec<Bound>,
}

impl Statement {
    /// Adds a value and answers its placeholder.
    pub(crate) fn bind(&mut self, value: Bound) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// Adds a condition in which `?` stands for the value.
    pub(crate) fn require(&mut self, condition: &str, value: Bound) {
        let placeholder = self.bind(value);
        self.conditions.push(condition.replace('?', &placeholder));
    }
}

macro_rules! bind_all {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                crate::statement::Bound::Number(number) => query.bind(number),
                crate::statement::Bound::Text(text) => query.bind(text),
                crate::statement::Bound::Terms(_) => unreachable!("only PostgreSQL is asked for terms"),
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
                crate::statement::Bound::Number(number) => query.bind(number),
                crate::statement::Bound::Text(text) => query.bind(text),
                crate::statement::Bound::Terms(terms) => query.bind(terms),
            };
        }
        query
    }};
}

/// Reads all rows of a statement put together at run time from fragments of this crate.
macro_rules! fetch_built {
    ($tx:expr, $row:ty, $sql:expr, $values:expr) => {
        match $tx.conn() {
            crate::tx::Conn::Sqlite(conn) => {
                bind_all!(sqlx::query_as::<sqlx::Sqlite, $row>(sqlx::AssertSqlSafe($sql)), $values).fetch_all(conn).await?
            }
            crate::tx::Conn::Postgres(conn) => {
                bind_all_postgres!(sqlx::query_as::<sqlx::Postgres, $row>(sqlx::AssertSqlSafe($sql)), $values).fetch_all(conn).await?
            }
        }
    };
}
