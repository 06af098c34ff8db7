//! Filters (RFC 7644, §3.4.2.2): read into a tree, written from it, and made into a condition on a resource of ours.
//!
//! Whatever is sent is read in one pass over at most 2,000 characters, nested at most 32 deep, with at most 100
//! comparisons; an error says at which character it was.

mod cursor;
mod parser;
mod text;
mod typed;
mod write;

pub use parser::parse;
pub use typed::{condition, parse_condition};

/// Characters that a filter may have.
pub const MOST_CHARACTERS: usize = 2_000;
/// Parentheses and brackets that may be open at once.
pub const DEEPEST: usize = 32;
/// Comparisons that a filter may have, those for presence included.
pub const MOST_COMPARISONS: usize = 100;

/// Why a filter is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("At character {position}: {message}")]
pub struct FilterError {
    /// Counted in characters from 1; one behind the last where something is missing there.
    pub position: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FilterError {
    fn new(position: usize, message: impl Into<String>) -> Self {
        Self { position, message: message.into() }
    }
}

/// What of a resource is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    /// The attribute has a value: `pr`.
    Present(AttributePath),
    Compare(AttributePath, Operator, Value),
    /// One value of the attribute fulfils all of it: `emails[type eq "work"]`. No other one stands within it.
    Value(AttributePath, Box<Filter>),
}

/// An attribute, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributePath {
    /// The schema before it, without the colon.
    pub uri: Option<String>,
    pub name: String,
    pub sub: Option<String>,
    /// Where it begins in the filter, counted in characters from 1.
    pub position: usize,
}

/// What two values are compared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Eq,
    Ne,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Operator {
    pub const ALL: &[Self] = &[Self::Eq, Self::Ne, Self::Co, Self::Sw, Self::Ew, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operator| operator.as_str().eq_ignore_ascii_case(word))
    }
}

/// What an attribute is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub literal: Literal,
    /// Where it begins in the filter, counted in characters from 1.
    pub position: usize,
}

/// A value of JSON (RFC 8259) that is neither an object nor an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    Text(String),
    Number(Number),
    Boolean(bool),
    Null,
}

/// A number as it was written: its digits are not rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// Takes a number of JSON (RFC 8259, §6).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text::is_number(text).then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests;
