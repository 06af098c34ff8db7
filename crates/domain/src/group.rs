//! Groups: named sets of identities; what policy rules ask about.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::field::{self, FieldError};
use crate::fold;

const NAME_LENGTH: usize = 64;
const DESCRIPTION_LENGTH: usize = 300;
/// As many people are added or removed at once.
pub const MOST_MEMBERS: usize = 1_000;

/// The group whose members the policy of a new installation lets into the console.
pub const ADMINISTRATORS: &str = "Administrators";

/// A group's name: 1 to 64 characters, unique per realm by [`GroupName::key`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupName(String);

impl GroupName {
    /// Trims and checks; the error is a sentence for the person.
    pub fn parse(text: &str) -> Result<Self, String> {
        field::name("The group’s name", text, NAME_LENGTH).map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folded form that is unique in the realm.
    #[must_use]
    pub fn key(&self) -> String {
        fold::unique_key(&self.0)
    }

    /// The folded form that it is searched by.
    #[must_use]
    pub fn search_form(&self) -> String {
        fold::search_form(&self.0)
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A group's form as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupForm {
    pub display_name: String,
    /// At most 300 characters, may be empty.
    pub description: String,
}

/// A group's form that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupProfile {
    pub name: GroupName,
    pub description: String,
}

impl GroupForm {
    /// Checks every field.
    pub fn parse(&self) -> Result<GroupProfile, Vec<FieldError>> {
        let name = GroupName::parse(&self.display_name);
        let description = field::optional("The description", &self.description, DESCRIPTION_LENGTH);
        match (name, description) {
            (Ok(name), Ok(description)) => Ok(GroupProfile { name, description: description.unwrap_or_default() }),
            (name, description) => {
                let of = |field: &str, words: Option<String>| words.map(|words| FieldError::new(field, words));
                Err(of("display_name", name.err()).into_iter().chain(of("description", description.err())).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(display_name: &str, description: &str) -> Vec<String> {
        let form = GroupForm { display_name: display_name.into(), description: description.into() };
        form.parse().err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_group_needs_a_name_and_may_have_a_description() {
        let form = GroupForm { display_name: "  Élysée ".into(), description: "  ".into() };
        let profile = form.parse().expect("it holds");
        assert_eq!((profile.name.as_str(), profile.description.as_str()), ("Élysée", ""));
        assert_eq!(profile.name.key(), GroupName::parse("éLYSÉE").expect("it holds").key());
        assert_eq!(refused("", &"x".repeat(301)), ["display_name", "description"]);
        assert_eq!(refused(&"x".repeat(65), "a\u{202e}b"), ["display_name", "description"]);
        assert_eq!(refused("<b>", ""), ["display_name"]);
    }
}
