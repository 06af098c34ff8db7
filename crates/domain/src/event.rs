//! Events: the immutable lines of the audit log.

mod party;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::spelled;

pub use party::{EventActor, EventTarget};

/// What happened. The spelling is the one in the log, the API and the console's filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum EventKind {
    IdentityCreated,
    IdentityUpdated,
    IdentitySuspended,
    IdentityReactivated,
    IdentityDeleted,
    GroupCreated,
    GroupUpdated,
    GroupDeleted,
    GroupMemberAdded,
    GroupMemberRemoved,
    PolicyDrafted,
    PolicyDiscarded,
    PolicyPublished,
    RoleBound,
    SessionEnded,
    BindingJobCreated,
    BindingJobOpened,
    BindingJobDelivered,
    BindingJobCompleted,
    BindingJobExpired,
    BindingJobRevoked,
    BatchStarted,
    BatchEnded,
    MailSent,
    MailFailed,
    MailUncertain,
    MailRead,
    BrandingDrafted,
    BrandingDiscarded,
    BrandingPublished,
    LinkRequested,
    PasskeyCreated,
    PasskeyRenamed,
    PasskeyRevoked,
    EnrollmentFailed,
    SignInAllowed,
    SignInDenied,
    SignedOut,
    PasskeyConfirmed,
    RealmCreated,
    RealmUpdated,
    RealmDeleted,
    RealmEntered,
    TenantUpdated,
    TokenCreated,
    TokenRevoked,
    ClientSecretCreated,
    ClientSecretRevoked,
    EventsExported,
    EventsRemoved,
}

spelled!(EventKind {
    IdentityCreated = "identity.created",
    IdentityUpdated = "identity.updated",
    IdentitySuspended = "identity.suspended",
    IdentityReactivated = "identity.reactivated",
    IdentityDeleted = "identity.deleted",
    GroupCreated = "group.created",
    GroupUpdated = "group.updated",
    GroupDeleted = "group.deleted",
    GroupMemberAdded = "group.member_added",
    GroupMemberRemoved = "group.member_removed",
    PolicyDrafted = "policy.drafted",
    PolicyDiscarded = "policy.discarded",
    PolicyPublished = "policy.published",
    RoleBound = "role.bound",
    SessionEnded = "session.ended",
    BindingJobCreated = "binding_job.created",
    BindingJobOpened = "binding_job.opened",
    BindingJobDelivered = "binding_job.delivered",
    BindingJobCompleted = "binding_job.completed",
    BindingJobExpired = "binding_job.expired",
    BindingJobRevoked = "binding_job.revoked",
    BatchStarted = "batch.started",
    BatchEnded = "batch.ended",
    MailSent = "binding_job.mail_sent",
    MailFailed = "binding_job.mail_failed",
    MailUncertain = "binding_job.mail_uncertain",
    MailRead = "binding_job.mail_read",
    BrandingDrafted = "branding.drafted",
    BrandingDiscarded = "branding.discarded",
    BrandingPublished = "branding.published",
    LinkRequested = "binding_job.link_requested",
    PasskeyCreated = "passkey.created",
    PasskeyRenamed = "passkey.renamed",
    PasskeyRevoked = "passkey.revoked",
    EnrollmentFailed = "enrollment.failed",
    SignInAllowed = "sign_in.allowed",
    SignInDenied = "sign_in.denied",
    SignedOut = "sign_in.ended",
    PasskeyConfirmed = "sign_in.confirmed",
    RealmCreated = "realm.created",
    RealmUpdated = "realm.updated",
    RealmDeleted = "realm.deleted",
    RealmEntered = "realm.entered",
    TenantUpdated = "tenant.updated",
    TokenCreated = "token.created",
    TokenRevoked = "token.revoked",
    ClientSecretCreated = "client_secret.created",
    ClientSecretRevoked = "client_secret.revoked",
    EventsExported = "events.exported",
    EventsRemoved = "events.removed",
});

impl EventKind {
    /// What happened, in words for the activity list.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::IdentityCreated => "Identity added",
            Self::IdentityUpdated => "Identity edited",
            Self::IdentitySuspended => "Identity suspended",
            Self::IdentityReactivated => "Identity reactivated",
            Self::IdentityDeleted => "Identity deleted",
            Self::GroupCreated => "Group created",
            Self::GroupUpdated => "Group edited",
            Self::GroupDeleted => "Group deleted",
            Self::GroupMemberAdded => "Added to group",
            Self::GroupMemberRemoved => "Removed from group",
            Self::PolicyDrafted => "Policy draft saved",
            Self::PolicyDiscarded => "Policy draft discarded",
            Self::PolicyPublished => "Policy published",
            Self::RoleBound => "Role bound to groups",
            Self::SessionEnded => "Session ended by an administrator",
            Self::BindingJobCreated => "Link handed out",
            Self::BindingJobOpened => "Link opened",
            Self::BindingJobDelivered => "Passkey creation started",
            Self::BindingJobCompleted => "Enrollment completed",
            Self::BindingJobExpired => "Link expired",
            Self::BindingJobRevoked => "Link revoked",
            Self::BatchStarted => "Batch of links started",
            Self::BatchEnded => "Batch of links ended",
            Self::MailSent => "Invitation sent",
            Self::MailFailed => "Invitation could not be sent",
            Self::MailUncertain => "Invitation perhaps sent",
            Self::MailRead => "Invitation read in the outbox",
            Self::BrandingDrafted => "Branding draft saved",
            Self::BrandingDiscarded => "Branding draft discarded",
            Self::BrandingPublished => "Branding published",
            Self::LinkRequested => "New link asked for",
            Self::PasskeyCreated => "Passkey created",
            Self::PasskeyRenamed => "Passkey renamed",
            Self::PasskeyRevoked => "Passkey revoked",
            Self::EnrollmentFailed => "Enrollment attempt refused",
            Self::SignInAllowed => "Signed in",
            Self::SignInDenied => "Sign-in denied",
            Self::SignedOut => "Signed out",
            Self::PasskeyConfirmed => "Confirmed with a passkey",
            Self::RealmCreated => "Realm created",
            Self::RealmUpdated => "Realm edited",
            Self::RealmDeleted => "Realm deleted",
            Self::RealmEntered => "Realm entered",
            Self::TenantUpdated => "Tenant renamed",
            Self::TokenCreated => "API token created",
            Self::TokenRevoked => "API token revoked",
            Self::ClientSecretCreated => "Client secret created",
            Self::ClientSecretRevoked => "Client secret withdrawn",
            Self::EventsExported => "Events exported",
            Self::EventsRemoved => "Events removed after their time",
        }
    }
}

impl From<EventKind> for &'static str {
    fn from(kind: EventKind) -> Self {
        kind.as_str()
    }
}

impl TryFrom<String> for EventKind {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::read(&text).ok_or_else(|| format!("there is no event {text:?}"))
    }
}

/// One detail of an event; never a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Detail {
    /// Something that was so.
    Text(String),
    /// Something that became something else; an empty side was not there.
    Change { before: String, after: String },
}

impl Detail {
    #[must_use]
    pub fn change(before: impl Into<String>, after: impl Into<String>) -> Self {
        Self::Change { before: before.into(), after: after.into() }
    }

    /// What was so; empty for a change.
    #[must_use]
    pub fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }
}

/// As a line: the text, or "before → after".
impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Change { before, after } => write!(f, "{before} → {after}"),
        }
    }
}

/// Where an event stands in its realm's chain: each hash covers the event and the hash before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// From 1 on, without gaps.
    pub position: i64,
    /// SHA-256, in hex digits.
    pub hash: String,
}

/// Whether what was tried was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventOutcome {
    Success,
    Denied,
}

spelled!(EventOutcome { Success = "success", Denied = "denied" });
