//! Conditions that a program asks a list for, on the attributes that the list can be filtered by.
//!
//! Texts are compared in the form that RFC 7643 (§2.2, `caseExact`) has for the attribute, enumerations by their values. An
//! absent value fulfils no comparison but `ne`.

mod attributes;

pub use attributes::{GroupAttribute, IdentityAttribute, JobAttribute};

use std::fmt::Debug;

use crate::fold;

/// Something that a list can be filtered by.
pub trait Attribute: Copy + Debug + PartialEq + Sized + 'static {
    const ALL: &'static [Self];

    /// Its path, as the API spells it.
    fn path(self) -> &'static str;

    fn values(self) -> Values;
}

/// What values an attribute has, and how they are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// Texts without regard to case, under [`fold::unique_key`].
    Folded,
    /// Texts to the letter.
    Exact,
    /// These and no others, without regard to case.
    OneOf(Vec<&'static str>),
}

/// How an attribute's value and another one are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
}

/// A condition on a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition<A> {
    And(Box<Condition<A>>, Box<Condition<A>>),
    Or(Box<Condition<A>>, Box<Condition<A>>),
    Not(Box<Condition<A>>),
    Holds(Comparison<A>),
}

/// A single comparison of an attribute; its text is in the form that it is compared in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison<A> {
    attribute: A,
    test: Test,
}

/// What a comparison asks of the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    Present,
    Equals(String),
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    /// It is one of these values of an enumeration.
    OneOf(Vec<&'static str>),
}

/// The text is none of the enumeration's values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is none of the values; they are {}", .0.join(", "))]
pub struct NoSuchValue(Vec<&'static str>);

impl<A> Condition<A> {
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::And(Box::new(self), Box::new(other))
    }

    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::Or(Box::new(self), Box::new(other))
    }

    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }
}

impl<A: Attribute> Condition<A> {
    /// The attribute has a value.
    #[must_use]
    pub const fn present(attribute: A) -> Self {
        Self::Holds(Comparison { attribute, test: Test::Present })
    }

    /// Compares the attribute with a text as it was given.
    pub fn compare(attribute: A, operator: Operator, text: &str) -> Result<Self, NoSuchValue> {
        let asked = match attribute.values() {
            Values::Folded => on_text(operator, fold::unique_key(text)),
            Values::Exact => on_text(operator, text.to_owned()),
            Values::OneOf(all) => on_choice(operator, &fold::unique_key(text), all)?,
        };
        let holds = Self::Holds(Comparison { attribute, test: asked });
        Ok(if operator == Operator::NotEqual { holds.negated() } else { holds })
    }
}

impl<A: Copy> Comparison<A> {
    #[must_use]
    pub const fn attribute(&self) -> A {
        self.attribute
    }

    #[must_use]
    pub const fn test(&self) -> &Test {
        &self.test
    }
}

/// The test of a text; of one that is not equal, its contrary. Every value holds the empty text.
fn on_text(operator: Operator, text: String) -> Test {
    match operator {
        Operator::Equal | Operator::NotEqual => Test::Equals(text),
        _ if text.is_empty() => Test::Present,
        Operator::Contains => Test::Contains(text),
        Operator::StartsWith => Test::StartsWith(text),
        Operator::EndsWith => Test::EndsWith(text),
    }
}

/// The test of an enumeration: which of its values fulfil the comparison with the folded text.
fn on_choice(operator: Operator, text: &str, all: Vec<&'static str>) -> Result<Test, NoSuchValue> {
    let fits = |value: &str| match operator {
        Operator::Equal | Operator::NotEqual => value == text,
        Operator::Contains => value.contains(text),
        Operator::StartsWith => value.starts_with(text),
        Operator::EndsWith => value.ends_with(text),
    };
    let found: Vec<_> = all.iter().copied().filter(|value| fits(&fold::unique_key(value))).collect();
    if found.is_empty() { Err(NoSuchValue(all)) } else { Ok(Test::OneOf(found)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tested<A: Attribute>(attribute: A, operator: Operator, text: &str) -> Test {
        match Condition::compare(attribute, operator, text) {
            Ok(Condition::Holds(comparison)) => comparison.test().clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn texts_are_compared_in_their_attributes_form() {
        for attribute in [IdentityAttribute::Username, IdentityAttribute::Email, IdentityAttribute::DisplayName] {
            assert_eq!(tested(attribute, Operator::Equal, "STRAße"), Test::Equals("strasse".into()), "{attribute:?}");
        }
        assert_eq!(tested(GroupAttribute::DisplayName, Operator::EndsWith, "ＡＮＡ"), Test::EndsWith("ana".into()));
        assert_eq!(tested(IdentityAttribute::ExternalId, Operator::StartsWith, "Ab"), Test::StartsWith("Ab".into()));
    }

    #[test]
    fn every_value_holds_the_empty_text_but_is_not_equal_to_it() {
        for operator in [Operator::Contains, Operator::StartsWith, Operator::EndsWith] {
            assert_eq!(tested(IdentityAttribute::ExternalId, operator, ""), Test::Present);
        }
        assert_eq!(tested(IdentityAttribute::ExternalId, Operator::Equal, ""), Test::Equals(String::new()));
    }

    #[test]
    fn an_enumeration_is_compared_by_its_values() {
        assert_eq!(tested(IdentityAttribute::Status, Operator::Equal, "SUSPENDED"), Test::OneOf(vec!["suspended"]));
        assert_eq!(tested(IdentityAttribute::Enrollment, Operator::EndsWith, "enrolled"), Test::OneOf(vec!["ENROLLED", "UNENROLLED"]));
        assert_eq!(tested(JobAttribute::State, Operator::StartsWith, "link_"), Test::OneOf(vec!["LINK_SENT", "LINK_OPENED"]));
        assert_eq!(tested(JobAttribute::Delivery, Operator::Contains, "ai"), Test::OneOf(vec!["EMAIL"]));
        let refused = Condition::compare(IdentityAttribute::Status, Operator::NotEqual, "activ").expect_err("it is no status");
        assert_eq!(refused.to_string(), "this is none of the values; they are active, suspended");
    }

    #[test]
    fn not_equal_is_the_contrary_of_equal() {
        let equal = Condition::compare(IdentityAttribute::Username, Operator::Equal, "Zoe").expect("it is a text");
        assert_eq!(Condition::compare(IdentityAttribute::Username, Operator::NotEqual, "zoe"), Ok(equal.negated()));
    }
}
