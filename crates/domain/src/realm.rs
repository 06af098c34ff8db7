//! Tenants and realms: whose installation it is, and the isolated directories within it.

use serde::{Deserialize, Serialize};

use crate::field::{self, FieldError};
use crate::{RealmId, TenantId, Timestamp};

const NAME_LENGTH: usize = 64;
const CLASSIFICATION_LENGTH: usize = 64;

/// Whose installation it is: what its realms belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    pub id: TenantId,
    pub display_name: String,
    /// Grows with each edit; an edit names the one it started from.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// An isolated directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Realm {
    pub id: RealmId,
    pub tenant: TenantId,
    pub display_name: String,
    /// What kind of realm it is, in the organization's own words; may be empty.
    pub classification: String,
    /// Grows with each edit; an edit names the one it started from.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The realm that somebody acts in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub id: RealmId,
    pub display_name: String,
    /// Whether it is the person's own, where their entry and their passkeys are.
    pub own: bool,
}

/// A page of realms, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealmPage {
    pub realms: Vec<Realm>,
    /// The realm that the administrators are of, which always stays.
    pub home: RealmId,
    /// Behind which realm the next page begins, where there is one.
    pub next: Option<RealmId>,
}

/// A realm's form as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealmForm {
    pub display_name: String,
    /// At most 64 characters, may be empty.
    pub classification: String,
}

impl From<&Realm> for RealmForm {
    fn from(realm: &Realm) -> Self {
        Self { display_name: realm.display_name.clone(), classification: realm.classification.clone() }
    }
}

impl RealmForm {
    /// Trims and checks every field.
    pub fn parse(&self) -> Result<Self, Vec<FieldError>> {
        let name = field::name("The realm’s name", &self.display_name, NAME_LENGTH);
        let classification = field::optional("The classification", &self.classification, CLASSIFICATION_LENGTH);
        match (name, classification) {
            (Ok(display_name), Ok(classification)) => Ok(Self { display_name, classification: classification.unwrap_or_default() }),
            (name, classification) => {
                let of = |field: &str, words: Option<String>| words.map(|words| FieldError::new(field, words));
                Err(of("display_name", name.err()).into_iter().chain(of("classification", classification.err())).collect())
            }
        }
    }
}

/// A tenant's name: trimmed, 1 to 64 characters.
pub fn tenant_name(text: &str) -> Result<String, FieldError> {
    field::name("The tenant’s name", text, NAME_LENGTH).map_err(|words| FieldError::new("display_name", words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(display_name: &str, classification: &str) -> Vec<String> {
        let form = RealmForm { display_name: display_name.into(), classification: classification.into() };
        form.parse().err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_realm_needs_a_name_and_may_be_classified() {
        let form = RealmForm { display_name: "  Zürich ".into(), classification: "  ".into() };
        assert_eq!(form.parse(), Ok(RealmForm { display_name: "Zürich".into(), classification: String::new() }));
        assert_eq!(refused("", &"x".repeat(65)), ["display_name", "classification"]);
        assert_eq!(refused(&"x".repeat(65), "a\u{202e}b"), ["display_name", "classification"]);
        assert_eq!(refused("<b>", ""), ["display_name"]);
        assert!(tenant_name(" ").is_err_and(|error| error.field == "display_name"));
        assert_eq!(tenant_name(" Example "), Ok("Example".to_owned()));
    }
}
