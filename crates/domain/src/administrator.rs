//! Who can enter the console, and by what.

use serde::{Deserialize, Serialize};

use crate::identity::Status;
use crate::record::Passkey;
use crate::role::Role;
use crate::{GroupId, IdentityId, SessionId, Timestamp};

/// Somebody who has a role in the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Administrator {
    pub id: IdentityId,
    pub display_name: String,
    pub username: String,
    pub status: Status,
    pub roles: Vec<Role>,
    /// The groups, by name, that give them these.
    pub groups: Vec<String>,
    pub entry: Entry,
    /// Active passkeys, the newest first.
    pub passkeys: Vec<Passkey>,
    pub sessions: Vec<Session>,
}

/// Whether the console's door opens for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// The policy's rule at this position, counted from 0, lets at least one of their passkeys in.
    ByRule(usize),
    /// They have no passkey to sign in with.
    NoPasskey,
    Suspended,
    /// The policy lets none of their passkeys in.
    Denied,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub device: String,
    pub address: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The one that asks.
    pub current: bool,
}

/// A role with the groups that it is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    pub role: Role,
    pub groups: Vec<(GroupId, String)>,
}

/// The administrators page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Administrators {
    pub people: Vec<Administrator>,
    /// There are more than the page shows.
    pub more: bool,
    pub bindings: Vec<Binding>,
    /// Whether this is the realm whose administrators look after all the others.
    pub home: bool,
}

impl Administrators {
    /// Full administrators whom the door opens for.
    #[must_use]
    pub fn able(&self) -> Vec<&Administrator> {
        self.people.iter().filter(|person| person.roles.contains(&Role::Full) && matches!(person.entry, Entry::ByRule(_))).collect()
    }
}
