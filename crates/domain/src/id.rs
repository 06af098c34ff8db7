//! Identifiers: 63 bits, ordered by time, shown as 16 lower-case hex digits; a type for each kind of thing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The text is not 16 lower-case hex digits of a positive 63-bit number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: 16 hex digits were expected")]
pub struct NotAnId;

fn parse(text: &str) -> Result<i64, NotAnId> {
    let plain = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let number = plain.then(|| i64::from_str_radix(text, 16).ok()).flatten();
    number.filter(|n| *n > 0).ok_or(NotAnId)
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i64);

        impl $name {
            /// Takes the number that the id generator or the database gave.
            #[must_use]
            pub const fn from_i64(number: i64) -> Self {
                Self(number)
            }

            /// The number as the database keeps it.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:016x}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

id! {
    /// Whose installation it is.
    TenantId
    /// An isolated directory.
    RealmId
    /// A person's entry in the directory.
    IdentityId
    /// A named set of identities.
    GroupId
    /// A WebAuthn credential bound to an identity.
    PasskeyId
    /// One invitation to bind a passkey.
    BindingJobId
    /// A signed-in browser.
    SessionId
    /// A line of the audit log.
    EventId
}

/// The text is not the UUID of a thing of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: a UUID was expected")]
pub struct NotAUuid;

/// The number as a UUID of version 8 (RFC 9562, §5.8): its sixteen digits around the version and the variant, and behind
/// them the kind of thing.
fn written(number: i64, kind: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let digits = format!("{number:016x}");
    write!(f, "{}-{}-8{}-8{}00-{kind:012x}", &digits[..8], &digits[8..12], &digits[12..15], &digits[15..])
}

fn parse_uuid(text: &str, kind: u8) -> Result<i64, NotAUuid> {
    let text = text.to_ascii_lowercase();
    let mut digits = String::with_capacity(16);
    // The places of the number's own digits; whatever else stands in the text is checked by writing it again.
    for place in [0..8, 9..13, 15..18, 20..21] {
        digits.push_str(text.get(place).ok_or(NotAUuid)?);
    }
    parse(&digits).map_err(|_| NotAUuid).and_then(|number| {
        struct Uuid(i64, u8);
        impl fmt::Display for Uuid {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                written(self.0, self.1, f)
            }
        }
        if Uuid(number, kind).to_string() == text { Ok(number) } else { Err(NotAUuid) }
    })
}

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident = $kind:literal)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i64);

        impl $name {
            /// Takes the number that the id generator or the database gave.
            #[must_use]
            pub const fn from_i64(number: i64) -> Self {
                Self(number)
            }

            /// The number as the database keeps it.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                written(self.0, $kind, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAUuid;

            fn from_str(text: &str) -> Result<Self, NotAUuid> {
                parse_uuid(text, $kind).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

uuid_id! {
    /// What may be entered, or called, with what Keyroll hands out.
    ApplicationId = 1
    /// A secret that a program calls the management API with.
    TokenId = 2
    /// How a realm looks to the people whom it invites.
    ThemeId = 3
    /// Many binding jobs that were asked for at once.
    BatchId = 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_reads_back_as_it_was_written(number in 1..=i64::MAX) {
            let id = IdentityId::from_i64(number);
            prop_assert_eq!(id.to_string().len(), 16);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn a_uuid_reads_back_as_it_was_written_and_is_of_one_kind(number in 1..=i64::MAX) {
            let id = TokenId::from_i64(number);
            let text = id.to_string();
            prop_assert!(text.len() == 36 && text.as_bytes()[14] == b'8' && text.as_bytes()[19] == b'8', "{}", text);
            prop_assert_eq!(text.parse(), Ok(id));
            prop_assert_eq!(text.to_uppercase().parse(), Ok(id));
            prop_assert_eq!(text.parse::<ApplicationId>(), Err(NotAUuid));
        }

        #[test]
        fn whatever_is_given_is_a_uuid_or_is_refused(text in any::<String>()) {
            prop_assert!(text.parse::<TokenId>().is_ok_and(|id| id.to_string() == text.to_ascii_lowercase()) || text.parse::<TokenId>().is_err());
        }

        #[test]
        fn text_order_is_id_order(a in 1..=i64::MAX, b in 1..=i64::MAX) {
            let text = |n| IdentityId::from_i64(n).to_string();
            prop_assert_eq!(text(a).cmp(&text(b)), a.cmp(&b));
        }
    }

    #[test]
    fn what_is_not_sixteen_lower_case_hex_digits_of_a_positive_number_is_refused() {
        for text in [
            "",
            "1",
            "000000000000000",
            "00000000000000001",
            "000000000000000G",
            "00000000000000AB",
            "+000000000000001",
            "0000000000000000",
            "8000000000000000",
            "ffffffffffffffff",
            " 00000000000001",
            "０００００",
        ] {
            assert_eq!(text.parse::<IdentityId>(), Err(NotAnId), "{text:?}");
        }
    }
}
