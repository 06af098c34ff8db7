//! Groups: named sets of identities; what policy rules ask about.

use std::fmt;

use crate::field;
use crate::fold;

const NAME_LENGTH: usize = 64;

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
}

impl fmt::Display for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
