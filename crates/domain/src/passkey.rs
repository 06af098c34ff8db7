//! Passkeys: what an administrator can write on one.

use crate::field;

const NAME_LENGTH: usize = 64;
const REASON_LENGTH: usize = 200;

/// A passkey's name: 1 to 64 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyName(String);

impl PasskeyName {
    /// Trims and checks; the error is a sentence for the person.
    pub fn parse(text: &str) -> Result<Self, String> {
        field::name("The passkey’s name", text, NAME_LENGTH).map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a passkey is revoked: at most 200 characters, may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeReason(String);

impl RevokeReason {
    /// Trims and checks; the error is a sentence for the person.
    pub fn parse(text: &str) -> Result<Self, String> {
        field::optional("The reason", text, REASON_LENGTH).map(|text| Self(text.unwrap_or_default()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_needs_a_name_that_can_be_read() {
        assert_eq!(PasskeyName::parse("  Zoë’s phone ").as_ref().map(PasskeyName::as_str), Ok("Zoë’s phone"));
        for name in ["", " ", "a\u{202e}b", "<b>", &"x".repeat(65)] {
            assert!(PasskeyName::parse(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_reason_may_be_left_out_but_not_hide_anything() {
        assert_eq!(RevokeReason::parse("  ").as_ref().map(RevokeReason::as_str), Ok(""));
        assert_eq!(RevokeReason::parse("Phone lost; see ticket #7").as_ref().map(RevokeReason::as_str), Ok("Phone lost; see ticket #7"));
        for reason in ["a\u{0}b", &"x".repeat(201)] {
            assert!(RevokeReason::parse(reason).is_err(), "{reason:?}");
        }
    }
}
