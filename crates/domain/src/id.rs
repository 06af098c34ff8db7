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
