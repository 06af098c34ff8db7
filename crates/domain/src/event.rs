//! Events: the immutable lines of the audit log.

use serde::{Deserialize, Serialize};

use crate::identity::spelled;

/// What happened. The spelling is the one in the log, the API and the console's filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
        }
    }
}

/// Whether what was tried was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventOutcome {
    Success,
    Denied,
}

spelled!(EventOutcome { Success = "success", Denied = "denied" });
