//! Writing a filter: what is written reads back as what it was written from.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{AttributePath, Filter, Literal, Operator, Value};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            // What is chained reads from left to right: only another chain on the right needs parentheses.
            Self::Or(left, right) => {
                write!(f, "{left} or ")?;
                enclose(f, right, matches!(**right, Self::Or(..)))
            }
            Self::And(left, right) => {
                enclose(f, left, matches!(**left, Self::Or(..)))?;
                f.write_str(" and ")?;
                enclose(f, right, matches!(**right, Self::Or(..) | Self::And(..)))
            }
            Self::Not(filter) => write!(f, "not ({filter})"),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Compare(path, operator, value) => write!(f, "{path} {operator} {value}"),
            Self::Value(path, filter) => write!(f, "{path}[{filter}]"),
        }
    }
}

fn enclose(f: &mut Formatter<'_>, filter: &Filter, needed: bool) -> fmt::Result {
    if needed { write!(f, "({filter})") } else { write!(f, "{filter}") }
}

impl Display for AttributePath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(uri) = &self.uri {
            write!(f, "{uri}:")?;
        }
        f.write_str(&self.name)?;
        self.sub.as_ref().map_or(Ok(()), |sub| write!(f, ".{sub}"))
    }
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.literal {
            Literal::Text(text) => quote(f, text),
            Literal::Number(number) => f.write_str(number.as_str()),
            Literal::Boolean(value) => write!(f, "{value}"),
            Literal::Null => f.write_str("null"),
        }
    }
}

fn quote(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            c if c < ' ' => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
