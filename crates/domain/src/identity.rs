//! Identities: a person's entry in the directory.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::field::{self, FieldError, is_invisible_control};
use crate::fold;

const NAME_LENGTH: usize = 64;

/// The name under which a person is shown: 1 to 64 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// Trims and checks; the error is a sentence for the person.
    pub fn parse(text: &str) -> Result<Self, String> {
        field::name("The name", text, NAME_LENGTH).map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folded form that filters compare.
    #[must_use]
    pub fn key(&self) -> String {
        fold::unique_key(&self.0)
    }
}

/// The name by which a person is known to systems: 1 to 64 characters, unique per realm by [`Username::key`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Trims and checks; the error is a sentence for the person.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = field::name("The username", text, NAME_LENGTH)?;
        match name.chars().find(|c| matches!(c, '\u{200c}' | '\u{200d}')) {
            Some(c) => Err(format!("The username contains a character that cannot be seen (U+{:04X}).", u32::from(c))),
            None => Ok(Self(name)),
        }
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

/// An e-mail address: RFC 5321's lengths, one `@`, a dot-separated domain; quoted local parts are not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Trims and checks; the error is a sentence for the person.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || "This is not an e-mail address. It looks like name@example.org.".to_owned();
        let (local, domain) = text.split_once('@').ok_or_else(wrong)?;
        let dots_right = |part: &str| !part.is_empty() && part.split('.').all(|piece| !piece.is_empty());
        let local_right = dots_right(local) && local.len() <= 64 && local.chars().all(is_local_character);
        let domain_right = domain.contains('.') && dots_right(domain) && domain.split('.').all(is_domain_label);
        if local_right && domain_right && text.len() <= 254 { Ok(Self(text.to_owned())) } else { Err(wrong()) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folded form that filters compare.
    #[must_use]
    pub fn key(&self) -> String {
        fold::unique_key(&self.0)
    }
}

fn is_local_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || (!c.is_ascii() && !c.is_whitespace() && !is_invisible_control(c))
}

fn is_domain_label(label: &str) -> bool {
    let letters = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || (!c.is_ascii() && c.is_alphanumeric()));
    letters && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
}

/// Whether the person may use their passkeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Active,
    Suspended,
}

/// How far the person is on the way to a passkey; computed, never set by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EnrollmentStatus {
    /// At least one active passkey.
    Enrolled,
    /// No passkey, but an open binding job.
    Pending,
    /// No passkey, no open job, and the latest job could not be sent.
    InviteFailed,
    Unenrolled,
}

/// Where an entry came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Manual,
    Csv,
    Scim,
    Api,
    CommandLine,
}

/// Gives an enum without data its spelling in the database and on the wire, both ways.
macro_rules! spelled {
    ($name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The spelling in the database and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// Reads [`Self::as_str`] back.
            #[must_use]
            pub fn read(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use spelled;

spelled!(Status { Active = "active", Suspended = "suspended" });
spelled!(EnrollmentStatus { Enrolled = "ENROLLED", Pending = "PENDING", InviteFailed = "INVITE_FAILED", Unenrolled = "UNENROLLED" });
spelled!(Source { Manual = "manual", Csv = "csv", Scim = "scim", Api = "api", CommandLine = "command_line" });

/// A further trait that an identity can carry: its name on the wire, its label on screen, its longest length.
pub struct Trait {
    pub name: &'static str,
    pub label: &'static str,
    pub max: usize,
}

macro_rules! traits {
    ($($name:literal $label:literal $max:literal)*) => {
        /// Every optional trait but the e-mail address and the external id, which have columns of their own.
        pub const TRAITS: &[Trait] = &[$(Trait { name: $name, label: $label, max: $max }),*];
    };
}

traits! {
    "given_name" "Given name" 64
    "middle_name" "Middle name" 64
    "family_name" "Family name" 64
    "formatted_name" "Formatted name" 200
    "nick_name" "Nickname" 64
    "honorific_prefix" "Title before the name" 64
    "honorific_suffix" "Title after the name" 64
    "title" "Job title" 100
    "secondary_email_address" "Second e-mail" 254
    "primary_phone" "Phone" 64
    "secondary_phone" "Second phone" 64
    "organization" "Organization" 100
    "division" "Division" 100
    "department" "Department" 100
    "cost_center" "Cost center" 100
    "employee_number" "Employee number" 64
    "user_type" "User type" 64
    "manager_name" "Manager" 100
    "manager_id" "Manager’s id" 64
    "formatted_address" "Address" 300
    "street_address" "Street" 200
    "locality" "City" 100
    "region" "Region" 100
    "postal_code" "Postal code" 32
    "country" "Country" 64
    "preferred_language" "Language" 64
    "locale" "Locale" 64
    "timezone" "Time zone" 64
    "profile_url" "Profile page" 500
    "photo" "Photo" 500
}

const EXTERNAL_ID_LENGTH: usize = 200;

/// What an administrator can set on an identity, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub display_name: DisplayName,
    pub username: Username,
    pub email: Option<EmailAddress>,
    pub external_id: Option<String>,
    /// By trait name; a trait without a value is not here.
    pub traits: BTreeMap<String, String>,
}

/// What was typed for a [`Profile`], unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileForm {
    pub display_name: String,
    pub username: String,
    pub email: String,
    pub external_id: String,
    pub traits: BTreeMap<String, String>,
}

impl ProfileForm {
    /// Checks every field and answers every violation at once.
    pub fn parse(&self) -> Result<Profile, Vec<FieldError>> {
        let mut errors = Vec::new();
        let display_name = note(&mut errors, "display_name", DisplayName::parse(&self.display_name));
        let username = note(&mut errors, "username", Username::parse(&self.username));
        let email =
            if self.email.trim().is_empty() { Some(None) } else { note(&mut errors, "email", EmailAddress::parse(&self.email)).map(Some) };
        let external_id = note(&mut errors, "external_id", field::optional("The external id", &self.external_id, EXTERNAL_ID_LENGTH));
        let traits = self.parse_traits(&mut errors);
        match (display_name, username, email, external_id) {
            (Some(display_name), Some(username), Some(email), Some(external_id)) if errors.is_empty() => {
                Ok(Profile { display_name, username, email, external_id, traits })
            }
            _ => Err(errors),
        }
    }

    fn parse_traits(&self, errors: &mut Vec<FieldError>) -> BTreeMap<String, String> {
        let mut traits = BTreeMap::new();
        for (name, text) in &self.traits {
            let parsed = match TRAITS.iter().find(|t| t.name == name) {
                Some(known) => field::optional(known.label, text, known.max),
                None => Err("There is no trait of this name.".to_owned()),
            };
            if let Some(Some(value)) = note(errors, name, parsed) {
                traits.insert(name.clone(), value);
            }
        }
        traits
    }

    /// The message for one field as it stands, for showing it when the person leaves the field.
    #[must_use]
    pub fn error_of(&self, field: &str) -> Option<String> {
        self.parse().err()?.into_iter().find(|error| error.field == field).map(|error| error.message)
    }
}

fn note<T>(errors: &mut Vec<FieldError>, field: &str, parsed: Result<T, String>) -> Option<T> {
    parsed.map_err(|message| errors.push(FieldError::new(field, message))).ok()
}

impl From<&Profile> for ProfileForm {
    fn from(profile: &Profile) -> Self {
        Self {
            display_name: profile.display_name.0.clone(),
            username: profile.username.0.clone(),
            email: profile.email.as_ref().map(|email| email.0.clone()).unwrap_or_default(),
            external_id: profile.external_id.clone().unwrap_or_default(),
            traits: profile.traits.clone(),
        }
    }
}

impl Profile {
    /// The folded text that a search looks into: name, username and e-mail, a line each.
    #[must_use]
    pub fn search_text(&self) -> String {
        let email = self.email.as_ref().map_or("", EmailAddress::as_str);
        [self.display_name.as_str(), self.username.as_str(), email].map(fold::search_form).join("\n")
    }

    /// The folded name that lists are sorted by.
    #[must_use]
    pub fn sort_name(&self) -> String {
        fold::search_form(self.display_name.as_str())
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_many_scripts_are_taken() {
        for name in ["Zoë Ångström", "李小龍", "محمد علی", "Ольга Ёлкина", "علی‌رضا", "𠮷野家", "Ana-Maria d’Ávila", "क्‍ष"]
        {
            assert_eq!(DisplayName::parse(name).as_ref().map(DisplayName::as_str), Ok(name));
        }
    }

    #[test]
    fn names_that_could_deceive_or_break_something_are_refused() {
        for name in
            ["", "   ", "a\u{0}b", "ana\u{202e}gpj", "a\u{200b}b", "a<b", "x;y", "{{ link }}", "a\nb", "a\u{feff}b", &"x".repeat(65)]
        {
            assert!(DisplayName::parse(name).is_err(), "{name:?}");
            assert!(Username::parse(name).is_err(), "{name:?}");
        }
        assert!(Username::parse("an\u{200d}a").is_err());
        assert!(DisplayName::parse(&"𠮷".repeat(64)).is_ok());
    }

    #[test]
    fn email_addresses() {
        for right in ["a@b.co", "zoe.angstrom+x@mail.example.org", "o'neil@example.ie", "用户@例子.公司"] {
            assert!(EmailAddress::parse(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "a",
            "@b.co",
            "a@",
            "a@b",
            "a@@b.co",
            "a b@c.de",
            "a@b..co",
            ".a@b.co",
            "a@-b.co",
            "a@b.co\r\nBcc: x@y.z",
            "a@b.co, c@d.ef",
            "\"a b\"@c.de",
            "a@[127.0.0.1]",
            &format!("{}@b.co", "x".repeat(65)),
            "a@b.co>",
        ] {
            assert!(EmailAddress::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_violation_is_named_at_once() {
        let form = ProfileForm {
            username: "a<b".into(),
            email: "x".into(),
            traits: [("shoe".into(), "42".into())].into(),
            ..ProfileForm::default()
        };
        let fields: Vec<_> = form.parse().expect_err("four are wrong").into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["display_name", "username", "email", "shoe"]);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_parses_or_says_why(display_name in any::<String>(), username in any::<String>(), email in any::<String>()) {
            let form = ProfileForm { display_name, username, email, ..ProfileForm::default() };
            match form.parse() {
                Ok(profile) => {
                    prop_assert_eq!(ProfileForm::from(&profile).parse(), Ok(profile.clone()));
                    prop_assert!(!profile.username.key().is_empty());
                }
                Err(errors) => prop_assert!(errors.iter().all(|e| !e.message.is_empty())),
            }
        }
    }
}
