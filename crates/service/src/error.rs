//! What a use case answers when it does not do what was asked: a code and words for the person, and a source for the
//! log that never leaves it.

use domain::binding_job::Ended;
use domain::{FieldError, IdentityId};

use crate::webauthn::WebauthnError;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or the session is over.
    #[error("not signed in")]
    SignedOut,
    /// The actor may not do this.
    #[error("not permitted")]
    Forbidden,
    /// There is none, or it is another realm's.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// One of several people is not in the directory, so nothing was done with the others either.
    #[error("identity {0} not found")]
    NoIdentity(IdentityId),
    /// Fields are refused, each with its reason.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// Somebody else saved first.
    #[error("changed meanwhile")]
    Stale,
    /// The key of a request that is sent again is another request's.
    #[error("the key was used for another request")]
    OtherRequest,
    /// It cannot be done as things stand; the sentence says why and what would help.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    #[error("link: {0}")]
    Link(#[from] LinkError),
    /// The challenge was answered before, or too late, or is unknown.
    #[error("the ceremony is over")]
    CeremonyOver,
    /// The authenticator's answer does not hold.
    #[error("webauthn: {0}")]
    Webauthn(#[from] WebauthnError),
    /// This passkey exists already.
    #[error("the credential is known")]
    CredentialKnown,
    /// The passkey was never made here, or was revoked: which of them is not told.
    #[error("the passkey is unknown or revoked")]
    PasskeyUnknown,
    /// The passkey is not of the person who was named, whether or not there is one of that name.
    #[error("sign-in refused")]
    SignInRefused,
    /// The passkey is right, and the policy says no: in the rule's own words, where it has some.
    #[error("denied by policy")]
    Denied(Option<String>),
    /// The act is destructive, and the passkey was used too long ago.
    #[error("the passkey has to be used again")]
    TouchNeeded,
    /// Tried too often; the next try is free after so many seconds.
    #[error("too many tries")]
    TooMany { seconds: u64 },
    /// So many of the chosen people are not in the directory, so nobody was touched.
    #[error("{0} people are unknown")]
    PeopleGone(u64),
    /// The group still has so many members.
    #[error("the group has {0} members")]
    GroupHasMembers(u64),
    /// The realm still has so much in it.
    #[error("the realm has {identities} identities and {groups} groups")]
    RealmHasContent { identities: u64, groups: u64 },
    /// The identity has no e-mail address.
    #[error("no address")]
    NoAddress,
    /// The mail server does not do what is needed; what it said.
    #[error("mail server: {0}")]
    MailServer(String),
    #[error("storage failed")]
    Storage(#[source] storage::Error),
    #[error("a file cannot be read or removed")]
    File(#[source] std::io::Error),
    #[error("internal: {0}")]
    Internal(&'static str),
}

/// Why a link leads to no passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("unknown")]
    Unknown,
    #[error("{0}")]
    Ended(#[from] Ended),
    #[error("the identity is suspended")]
    Suspended,
}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Taken("username") => {
                Self::Invalid(vec![FieldError::new("username", "This username is taken. Choose another one.")])
            }
            storage::Error::Taken("credential_id") => Self::CredentialKnown,
            storage::Error::Taken(_) => Self::Conflict("Something of this name exists already. Choose another name."),
            storage::Error::Unknown(count) => Self::PeopleGone(count),
            other => Self::Storage(other),
        }
    }
}

impl From<Ended> for Error {
    fn from(ended: Ended) -> Self {
        Self::Link(LinkError::Ended(ended))
    }
}

impl Error {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Forbidden => "forbidden",
            Self::NotFound(_) | Self::NoIdentity(_) => "not_found",
            Self::Invalid(_) => "invalid",
            Self::Stale => "stale",
            Self::OtherRequest => "other_request",
            Self::Conflict(_) | Self::GroupHasMembers(_) | Self::RealmHasContent { .. } => "conflict",
            Self::Link(LinkError::Unknown) => "link_unknown",
            Self::Link(LinkError::Ended(Ended::Used)) => "link_used",
            Self::Link(LinkError::Ended(Ended::Expired)) => "link_expired",
            Self::Link(LinkError::Ended(Ended::Revoked)) => "link_revoked",
            Self::Link(LinkError::Suspended) => "link_suspended",
            Self::CeremonyOver => "ceremony_over",
            Self::Webauthn(error) => error.code(),
            Self::CredentialKnown => "credential_known",
            Self::PasskeyUnknown => "passkey_unknown",
            Self::SignInRefused => "sign_in_refused",
            Self::Denied(_) => "denied",
            Self::TouchNeeded => "touch_needed",
            Self::TooMany { .. } => "too_many",
            Self::PeopleGone(_) => "people_gone",
            Self::NoAddress => "no_address",
            Self::MailServer(_) => "mail_server",
            Self::Storage(_) | Self::File(_) | Self::Internal(_) => "internal",
        }
    }

    /// What happened, what it means, and what to do next.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::SignedOut => "You are signed out. Sign in again to go on.".into(),
            Self::Forbidden => "Your role does not allow this. Ask an administrator who has it.".into(),
            Self::NotFound(what) => format!("This {what} does not exist, or no longer does."),
            Self::NoIdentity(id) => format!("There is no identity {id}, or no longer. Nothing was done with the others either."),
            Self::Invalid(_) => "Some fields need another look. Nothing has been saved.".into(),
            Self::Stale => "Somebody else saved this entry while you were editing. Nothing of yours has been saved yet.".into(),
            Self::OtherRequest => "This key was used for another request. Take a new key for each request, and the same one to repeat it.".into(),
            Self::Conflict(words) => (*words).into(),
            Self::Link(LinkError::Unknown) => "This link is not known here. Check that it was copied whole, or ask for a new one.".into(),
            Self::Link(LinkError::Ended(Ended::Used)) => "This link has been used. A passkey was created with it.".into(),
            Self::Link(LinkError::Ended(Ended::Expired)) => "This link has expired. Ask for a new one.".into(),
            Self::Link(LinkError::Ended(Ended::Revoked)) => "This link was withdrawn. Ask for a new one.".into(),
            Self::Link(LinkError::Suspended) => {
                "Your entry is suspended, so no passkey can be added now. Your administrator can change that.".into()
            }
            Self::CeremonyOver => "That took too long, or was answered before. Nothing has changed; start again.".into(),
            Self::Webauthn(_) => "Your device’s answer could not be accepted. Nothing has changed; try again.".into(),
            Self::CredentialKnown => "This passkey is registered already. Nothing has changed.".into(),
            Self::PasskeyUnknown => {
                "This passkey does not open Keyroll, or no longer does. Use another one, or ask your administrator for a link.".into()
            }
            Self::SignInRefused => {
                "This passkey is not the one of the username above. Clear the username, or choose another passkey.".into()
            }
            Self::Denied(Some(words)) | Self::MailServer(words) => words.clone(),
            Self::Denied(None) => "Your passkey is right, but you are not allowed in here. Ask an administrator to let you in.".into(),
            Self::TouchNeeded => "Confirm with your passkey that it is you. Nothing has changed yet.".into(),
            Self::PeopleGone(1) => {
                "One of these people is no longer in the directory, so nobody’s membership has changed. Load the list again and choose anew."
                    .into()
            }
            Self::PeopleGone(count) => format!(
                "{count} of these people are no longer in the directory, so nobody’s membership has changed. Load the list again and choose anew."
            ),
            Self::GroupHasMembers(count) => {
                let members = counted(*count, "member", "members");
                format!("This group has {members}, so it has not been deleted. Delete it together with their memberships, or remove them first.")
            }
            Self::RealmHasContent { identities, groups } => {
                let (identities, groups) = (counted(*identities, "identity", "identities"), counted(*groups, "group", "groups"));
                format!("This realm has {identities} and {groups}, so it has not been deleted. Enter it and delete them first.")
            }
            Self::NoAddress => "There is no e-mail address on file. Add one to the identity, or hand out a link at the desk.".into(),
            Self::TooMany { seconds: 1 } => "That was tried too often. Wait a second, then try again.".into(),
            Self::TooMany { seconds } => format!("That was tried too often. Wait {seconds} seconds, then try again."),
            Self::Storage(_) | Self::File(_) | Self::Internal(_) => {
                "Keyroll could not do this just now. Nothing has changed; try again in a moment.".into()
            }
        }
    }

    /// The refused fields.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        if let Self::Invalid(fields) = self { fields } else { &[] }
    }

    /// The status that HTTP has for it (RFC 9110).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut | Self::SignInRefused | Self::PasskeyUnknown => 401,
            Self::Forbidden | Self::Denied(_) | Self::TouchNeeded => 403,
            Self::NotFound(_) | Self::NoIdentity(_) | Self::PeopleGone(_) | Self::Link(LinkError::Unknown) => 404,
            Self::Stale
            | Self::Conflict(_)
            | Self::GroupHasMembers(_)
            | Self::RealmHasContent { .. }
            | Self::CeremonyOver
            | Self::CredentialKnown
            | Self::Link(LinkError::Suspended) => 409,
            Self::Link(LinkError::Ended(_)) => 410,
            Self::Invalid(_) | Self::Webauthn(_) | Self::NoAddress | Self::OtherRequest => 422,
            Self::MailServer(_) => 502,
            Self::TooMany { .. } => 429,
            Self::Storage(_) | Self::File(_) | Self::Internal(_) => 500,
        }
    }

    /// After how many seconds it may be tried again (RFC 9110, §10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        if let Self::TooMany { seconds } = self { Some(*seconds) } else { None }
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
