//! What the directory holds, as it is read back and shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::binding_job::{DeliveryMethod, State};
use crate::event::{Detail, EventActor, EventKind, EventOutcome, EventTarget, Seal};
use crate::identity::{EnrollmentStatus, ProfileForm, Source, Status};
use crate::mail::MailState;
use crate::{BatchId, BindingJobId, EventId, GroupId, IdentityId, PasskeyId, Timestamp};

/// A person's entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub id: IdentityId,
    pub display_name: String,
    pub username: String,
    pub email: Option<String>,
    pub external_id: Option<String>,
    pub traits: BTreeMap<String, String>,
    pub status: Status,
    pub enrollment: EnrollmentStatus,
    pub source: Source,
    /// Active passkeys.
    pub passkeys: u32,
    pub groups: u32,
    /// Grows with each edit; an edit names the one it started from.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<&Identity> for ProfileForm {
    fn from(identity: &Identity) -> Self {
        Self {
            display_name: identity.display_name.clone(),
            username: identity.username.clone(),
            email: identity.email.clone().unwrap_or_default(),
            external_id: identity.external_id.clone().unwrap_or_default(),
            traits: identity.traits.clone(),
        }
    }
}

/// A row of the identities list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityRow {
    pub id: IdentityId,
    pub display_name: String,
    pub username: String,
    pub email: Option<String>,
    pub status: Status,
    pub enrollment: EnrollmentStatus,
    pub passkeys: u32,
    pub groups: u32,
    /// The first group by name, where there is one.
    pub group: Option<String>,
    pub updated_at: Timestamp,
}

/// How many identities stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub enrolled: u64,
    pub pending: u64,
    pub unenrolled: u64,
    pub invite_failed: u64,
}

impl Summary {
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.enrolled + self.pending + self.unenrolled + self.invite_failed
    }
}

/// A named set of identities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: GroupId,
    pub display_name: String,
    pub description: String,
    pub members: u64,
    /// Grows with each edit; an edit names the one it started from.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A WebAuthn credential bound to an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    pub id: PasskeyId,
    pub identity: IdentityId,
    pub name: String,
    /// Whether the authenticator may copy it to other devices (WebAuthn's backup eligibility).
    pub synced: bool,
    pub revoked: Option<Revoked>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// When and why a passkey was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    pub at: Timestamp,
    pub reason: String,
}

/// A binding job as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub id: BindingJobId,
    pub identity: IdentityId,
    pub display_name: String,
    pub email: Option<String>,
    pub state: State,
    /// How far it came: the state itself, or the one before it ended without a passkey.
    pub reached: State,
    pub delivery: DeliveryMethod,
    /// Where the person goes on once the passkey is stored.
    pub redirect_uri: Option<String>,
    /// The batch that it was made in.
    pub batch: Option<BatchId>,
    /// Where the mail with its link stands, where it goes by mail.
    pub mail: Option<MailState>,
    pub passkey: Option<PasskeyId>,
    /// When the person asked for a new link in place of this one.
    pub link_requested_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub expires_at: Timestamp,
}

/// One step of a binding job's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub state: State,
    pub at: Timestamp,
    /// Browser and platform, in words; empty where no browser took part.
    pub device: String,
}

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    pub at: Timestamp,
    pub kind: EventKind,
    pub outcome: EventOutcome,
    pub by: EventActor,
    /// The actor's name at that time.
    pub actor: String,
    pub about: EventTarget,
    /// The target's name at that time.
    pub target: String,
    /// What else was so, and what changed, by name.
    pub detail: BTreeMap<String, Detail>,
    pub address: String,
    pub request_id: String,
    /// Absent until it is sealed, within a second.
    pub seal: Option<Seal>,
}
