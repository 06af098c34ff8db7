//! Conditions of programs as SQL.
//!
//! What is negated is negated at each comparison and not as a whole, so that a value that is absent fulfils the contrary of
//! a comparison: SQL by itself would answer neither yes nor no.

use domain::filter::{Attribute, Comparison, Condition, GroupAttribute, IdentityAttribute, JobAttribute, Test};

use crate::statement::{Bound, Statement};

/// Where an attribute's value is.
pub(crate) struct Column {
    /// As it was given.
    value: &'static str,
    /// In the form that it is compared in.
    compared: &'static str,
    /// Whether that form can be absent.
    optional: bool,
}

impl Column {
    const fn required(column: &'static str) -> Self {
        Self { value: column, compared: column, optional: false }
    }

    const fn optional(value: &'static str, compared: &'static str) -> Self {
        Self { value, compared, optional: true }
    }
}

/// Attributes that are columns.
pub(crate) trait Stored: Attribute {
    fn column(self) -> Column;
}

impl Stored for IdentityAttribute {
    fn column(self) -> Column {
        match self {
            Self::Username => Column::required("i.username_key"),
            Self::Email => Column::optional("i.email", "i.email_key"),
            Self::ExternalId => Column::optional("i.external_id", "i.external_id"),
            // Absent until a name from before there was a folded one is folded.
            Self::DisplayName => Column::optional("i.display_name", "i.name_key"),
            Self::Status => Column::required("i.status"),
            Self::Enrollment => Column::required("i.enrollment_status"),
        }
    }
}

impl Stored for GroupAttribute {
    fn column(self) -> Column {
        match self {
            Self::DisplayName => Column::required("g.name_key"),
        }
    }
}

impl Stored for JobAttribute {
    fn column(self) -> Column {
        match self {
            Self::State => Column::required("j.state"),
            Self::Delivery => Column::required("j.delivery_method"),
        }
    }
}

/// Whether the rows are those that an index has under a text, or some of them.
pub(crate) fn is_found_by_text<A: Stored>(condition: &Condition<A>) -> bool {
    match condition {
        Condition::And(left, right) => is_found_by_text(left) || is_found_by_text(right),
        Condition::Holds(comparison) => matches!(comparison.test(), Test::Equals(_) | Test::StartsWith(_)),
        Condition::Or(..) | Condition::Not(_) => false,
    }
}

impl Statement {
    /// Narrows to the rows that fulfil the condition; `position` is the function that finds a text in another.
    pub(crate) fn fulfil<A: Stored>(&mut self, condition: &Condition<A>, position: &str) {
        let sql = self.condition(condition, false, position);
        self.conditions.push(sql);
    }

    fn condition<A: Stored>(&mut self, condition: &Condition<A>, negated: bool, position: &str) -> String {
        let (left, right, connective) = match condition {
            Condition::Holds(comparison) => return self.comparison(comparison, negated, position),
            Condition::Not(condition) => return self.condition(condition, !negated, position),
            Condition::And(left, right) => (left, right, if negated { "OR" } else { "AND" }),
            Condition::Or(left, right) => (left, right, if negated { "AND" } else { "OR" }),
        };
        let (left, right) = (self.condition(left, negated, position), self.condition(right, negated, position));
        format!("({left} {connective} {right})")
    }

    fn comparison<A: Stored>(&mut self, comparison: &Comparison<A>, negated: bool, position: &str) -> String {
        let column = comparison.attribute().column();
        if *comparison.test() == Test::Present {
            let not = if negated { "" } else { "NOT " };
            return format!("{} IS {not}NULL", column.value);
        }
        let test = self.test(comparison.test(), column.compared, position);
        match (negated, column.optional) {
            (false, _) => test,
            (true, false) => format!("NOT ({test})"),
            (true, true) => format!("({} IS NULL OR NOT ({test}))", column.compared),
        }
    }

    fn test(&mut self, asked: &Test, column: &str, position: &str) -> String {
        match asked {
            Test::Present => format!("{column} IS NOT NULL"),
            // No column holds this character, and PostgreSQL cannot even be asked for it.
            Test::Equals(text) | Test::Contains(text) | Test::StartsWith(text) | Test::EndsWith(text) if text.contains('\0') => {
                "1 = 0".to_owned()
            }
            Test::Equals(text) => format!("{column} = {}", self.text(text)),
            Test::Contains(text) => format!("{position}({column}, {}) > 0", self.text(text)),
            Test::StartsWith(text) => self.beginning(column, text),
            Test::EndsWith(text) => {
                let text = self.text(text);
                format!("substr({column}, length({column}) - length({text}) + 1) = {text}")
            }
            // Values of ours: written out, they can be compared with what an index is limited to.
            Test::OneOf(values) => match values.as_slice() {
                [value] => format!("{column} = '{value}'"),
                values => format!("{column} IN ('{}')", values.join("', '")),
            },
        }
    }

    /// What begins with a text lies between it and the next text that does not: a part of an index.
    fn beginning(&mut self, column: &str, text: &str) -> String {
        let from = format!("{column} >= {}", self.text(text));
        match behind_all_with(text) {
            Some(end) => format!("({from} AND {column} < {})", self.text(&end)),
            None => from,
        }
    }

    fn text(&mut self, text: &str) -> String {
        self.bind(Bound::Text(text.to_owned()))
    }
}

/// The first text, in the order of code points, behind all that begin with this one; none where nothing is behind them.
fn behind_all_with(text: &str) -> Option<String> {
    let mut characters: Vec<char> = text.chars().collect();
    while let Some(last) = characters.pop() {
        // The range of characters leaves the surrogates out.
        if let Some(next) = (last..=char::MAX).nth(1) {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::behind_all_with;

    #[test]
    fn the_end_of_a_beginning_is_the_next_text_that_has_another_one() {
        for (text, end) in
            [("a", Some("b")), ("az", Some("a{")), ("\u{d7ff}", Some("\u{e000}")), ("b\u{10ffff}", Some("c")), ("\u{10ffff}", None)]
        {
            assert_eq!(behind_all_with(text).as_deref(), end, "{text:?}");
        }
    }
}
