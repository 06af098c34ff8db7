//! From a filter to a condition on a resource of ours: which attribute is meant, and whether it can be asked so.

use domain::filter::{Attribute, Condition, Operator as Comparing};

use super::{AttributePath, Filter, FilterError, Literal, Operator, Value, parse};

type Result<T> = std::result::Result<T, FilterError>;

/// Reads a filter as a condition.
pub fn parse_condition<A: Attribute>(text: &str) -> Result<Condition<A>> {
    condition(&parse(text)?)
}

/// The condition that the filter puts on the attributes of `A`.
pub fn condition<A: Attribute>(filter: &Filter) -> Result<Condition<A>> {
    within(None, filter)
}

/// The same for what stands in the brackets of an attribute: its sub-attributes are meant. None of ours has several values.
fn within<A: Attribute>(of: Option<&AttributePath>, filter: &Filter) -> Result<Condition<A>> {
    Ok(match filter {
        Filter::And(left, right) => within(of, left)?.and(within(of, right)?),
        Filter::Or(left, right) => within(of, left)?.or(within(of, right)?),
        Filter::Not(filter) => within(of, filter)?.negated(),
        Filter::Present(path) => Condition::present(attribute(of, path)?),
        Filter::Compare(path, operator, value) => compare(attribute(of, path)?, *operator, path, value)?,
        Filter::Value(path, filter) => within(Some(path), filter)?,
    })
}

/// The attribute of that name, in whatever case (RFC 7643, §2.1). None of ours is of a schema.
fn attribute<A: Attribute>(of: Option<&AttributePath>, path: &AttributePath) -> Result<A> {
    let written = of.map_or_else(|| path.to_string(), |of| format!("{of}.{path}"));
    A::ALL.iter().copied().find(|attribute| attribute.path().eq_ignore_ascii_case(&written)).ok_or_else(|| {
        let known = A::ALL.iter().map(|attribute| attribute.path()).collect::<Vec<_>>().join(", ");
        FilterError::new(path.position, format!("there is no attribute “{written}” to filter by. There is {known}."))
    })
}

fn compare<A: Attribute>(attribute: A, operator: Operator, path: &AttributePath, value: &Value) -> Result<Condition<A>> {
    let comparing = match operator {
        Operator::Eq => Comparing::Equal,
        Operator::Ne => Comparing::NotEqual,
        Operator::Co => Comparing::Contains,
        Operator::Sw => Comparing::StartsWith,
        Operator::Ew => Comparing::EndsWith,
        Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le => {
            let message = format!("“{path}” has no order, so {operator} cannot compare it. There is eq, ne, co, sw, ew and pr.");
            return Err(FilterError::new(path.position, message));
        }
    };
    match (&value.literal, comparing) {
        (Literal::Text(text), _) => {
            Condition::compare(attribute, comparing, text).map_err(|refused| FilterError::new(value.position, format!("{refused}.")))
        }
        // A value that is absent and one that is null are the same (RFC 7643, §2.5).
        (Literal::Null, Comparing::Equal) => Ok(Condition::present(attribute).negated()),
        (Literal::Null, Comparing::NotEqual) => Ok(Condition::present(attribute)),
        _ => Err(FilterError::new(value.position, format!("“{path}” is a text, so a text in double quotation marks was expected here."))),
    }
}
