//! Who did something, and what it was done to: as the log keeps them, and as one word in an address.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ApplicationId, BindingJobId, GroupId, IdentityId, PasskeyId, TokenId};

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum EventActor {
    /// A browser that has not signed in; in an enrollment, the holder of a link.
    Anonymous,
    Identity(IdentityId),
    /// A person of another realm, who administers this one as well.
    Administrator(IdentityId),
    /// A program that calls the management API.
    Token(TokenId),
    /// A program that presents an application's secret.
    Client(ApplicationId),
    /// Whoever runs the command line on the machine itself.
    Operator,
    /// Keyroll itself, on a schedule.
    System,
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum EventTarget {
    Identity(IdentityId),
    Passkey(PasskeyId),
    BindingJob(BindingJobId),
    Group(GroupId),
    Token(TokenId),
    Realm,
}

impl EventActor {
    /// The kind in the database, and the id where there is one.
    #[must_use]
    pub const fn parts(self) -> (&'static str, Option<i64>) {
        match self {
            Self::Anonymous => ("anonymous", None),
            Self::Identity(id) => ("identity", Some(id.get())),
            Self::Administrator(id) => ("administrator", Some(id.get())),
            Self::Token(id) => ("token", Some(id.get())),
            Self::Client(id) => ("client", Some(id.get())),
            Self::Operator => ("operator", None),
            Self::System => ("system", None),
        }
    }

    /// Reads [`Self::parts`] back.
    #[must_use]
    pub fn of_parts(kind: &str, id: Option<i64>) -> Option<Self> {
        Some(match (kind, id) {
            ("anonymous", None) => Self::Anonymous,
            ("identity", Some(id)) => Self::Identity(IdentityId::from_i64(id)),
            ("administrator", Some(id)) => Self::Administrator(IdentityId::from_i64(id)),
            ("token", Some(id)) => Self::Token(TokenId::from_i64(id)),
            ("client", Some(id)) => Self::Client(ApplicationId::from_i64(id)),
            ("operator", None) => Self::Operator,
            ("system", None) => Self::System,
            _ => return None,
        })
    }
}

impl EventTarget {
    /// The kind in the database, and the id where there is one.
    #[must_use]
    pub const fn parts(self) -> (&'static str, Option<i64>) {
        match self {
            Self::Identity(id) => ("identity", Some(id.get())),
            Self::Passkey(id) => ("passkey", Some(id.get())),
            Self::BindingJob(id) => ("binding_job", Some(id.get())),
            Self::Group(id) => ("group", Some(id.get())),
            Self::Token(id) => ("token", Some(id.get())),
            Self::Realm => ("realm", None),
        }
    }

    /// Reads [`Self::parts`] back.
    #[must_use]
    pub fn of_parts(kind: &str, id: Option<i64>) -> Option<Self> {
        Some(match (kind, id) {
            ("identity", Some(id)) => Self::Identity(IdentityId::from_i64(id)),
            ("passkey", Some(id)) => Self::Passkey(PasskeyId::from_i64(id)),
            ("binding_job", Some(id)) => Self::BindingJob(BindingJobId::from_i64(id)),
            ("group", Some(id)) => Self::Group(GroupId::from_i64(id)),
            ("token", Some(id)) => Self::Token(TokenId::from_i64(id)),
            ("realm", None) => Self::Realm,
            _ => return None,
        })
    }
}

/// "group:0123456789abcdef", or the kind alone.
fn written((kind, id): (&str, Option<i64>), f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match id {
        Some(id) => write!(f, "{kind}:{id:016x}"),
        None => f.write_str(kind),
    }
}

fn read(text: &str) -> Option<(&str, Option<i64>)> {
    match text.split_once(':') {
        // An id of any kind is written alike.
        Some((kind, id)) => Some((kind, Some(id.parse::<IdentityId>().ok()?.get()))),
        None => Some((text, None)),
    }
}

macro_rules! as_one_word {
    ($($name:ident)*) => {$(
        impl $name {
            /// Reads its one word.
            #[must_use]
            pub fn read(text: &str) -> Option<Self> {
                read(text).and_then(|(kind, id)| Self::of_parts(kind, id))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                written(self.parts(), f)
            }
        }

        impl From<$name> for String {
            fn from(party: $name) -> Self {
                party.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                Self::read(&text).ok_or_else(|| format!("{text:?} names nobody and nothing"))
            }
        }
    )*};
}

as_one_word!(EventActor EventTarget);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_names_each() {
        let id = IdentityId::from_i64(7);
        let (token, client) = (TokenId::from_i64(7), ApplicationId::from_i64(7));
        let actors = [
            EventActor::Anonymous,
            EventActor::Identity(id),
            EventActor::Administrator(id),
            EventActor::Token(token),
            EventActor::Client(client),
            EventActor::Operator,
            EventActor::System,
        ];
        for actor in actors {
            assert_eq!(EventActor::read(&actor.to_string()), Some(actor));
        }
        let things = [
            EventTarget::Identity(id),
            EventTarget::Passkey(PasskeyId::from_i64(7)),
            EventTarget::BindingJob(BindingJobId::from_i64(7)),
            EventTarget::Group(GroupId::from_i64(7)),
            EventTarget::Token(token),
            EventTarget::Realm,
        ];
        for target in things {
            assert_eq!(EventTarget::read(&target.to_string()), Some(target));
        }
        assert_eq!(EventTarget::Group(GroupId::from_i64(7)).to_string(), "group:0000000000000007");
    }

    #[test]
    fn other_words_name_nothing() {
        for text in ["", "identity", "identity:7", "system:0000000000000007", "group:", "realm:", "identity:000000000000000G"] {
            assert_eq!((EventActor::read(text), EventTarget::read(text)), (None, None), "{text:?}");
        }
    }
}
