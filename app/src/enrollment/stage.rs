//! Where an enrollment stands, and what the browser's and the server's answers make of it.

use crate::error::AppError;
use crate::webauthn::Refusal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Ready,
    Working(Work),
    Done {
        /// The passkey's name; absent where the server's answer was lost.
        passkey: Option<String>,
        signed_in: bool,
        /// Where the person goes on.
        continue_to: Option<String>,
    },
    /// The device had a passkey before, and its owner knows it.
    Set,
    Failed(Failure),
    Closed(Closed),
}

/// Before, during and after the browser's prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Preparing,
    Asking,
    Storing,
}

/// It did not work this time; the link still does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Cancelled,
    DeviceHasOne,
    NoScreenLock,
    NoSuchKind,
    WrongAddress,
    /// The browser gave another reason, by its name.
    Browser(String),
    /// The browser knows no passkeys.
    NoPasskeys,
    /// The browser does not trust the address with passkeys.
    NotSecure,
    TookTooLong,
    /// Nothing was made yet.
    Offline,
    /// The passkey was made, and the server does not know it yet.
    NotStored,
    Refused {
        words: String,
        request_id: String,
    },
}

/// The link itself is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    Used,
    Expired,
    Revoked,
    Suspended,
    Unknown,
    /// The server could not look.
    NotSeen,
}

impl Closed {
    pub(super) fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "link_used" => Self::Used,
            "link_expired" => Self::Expired,
            "link_revoked" => Self::Revoked,
            "link_suspended" => Self::Suspended,
            "link_unknown" => Self::Unknown,
            _ => return None,
        })
    }

    /// Whether the administrators can be asked for another link.
    pub(super) const fn can_ask(self) -> bool {
        matches!(self, Self::Used | Self::Expired | Self::Revoked | Self::Unknown)
    }
}

impl Stage {
    /// What the browser's refusal leads to.
    pub(super) fn of_refusal(refusal: Refusal) -> Self {
        Self::Failed(match refusal {
            Refusal::Abort => return Self::Ready,
            Refusal::NotAllowed => Failure::Cancelled,
            Refusal::InvalidState => Failure::DeviceHasOne,
            Refusal::Constraint => Failure::NoScreenLock,
            Refusal::NotSupported => Failure::NoSuchKind,
            Refusal::Security => Failure::WrongAddress,
            Refusal::Other(name) => Failure::Browser(name),
        })
    }

    /// What the server's refusal leads to. `made`: a passkey had been made for it.
    pub(super) fn of_error(error: AppError, made: bool) -> Self {
        if let Some(why) = Closed::of_code(&error.code) {
            return Self::Closed(why);
        }
        Self::Failed(if error.is("ceremony_over") {
            Failure::TookTooLong
        } else if !is_lost(&error) {
            Failure::Refused { words: error.words, request_id: error.request_id }
        } else if made {
            Failure::NotStored
        } else {
            Failure::Offline
        })
    }
}

/// Whether the answer, or the request, got lost on the way: nobody knows what the server did.
pub(super) fn is_lost(error: &AppError) -> bool {
    error.is("offline") || error.is("unexpected")
}

#[cfg(test)]
impl Failure {
    pub(super) fn all() -> Vec<Self> {
        vec![
            Self::Cancelled,
            Self::DeviceHasOne,
            Self::NoScreenLock,
            Self::NoSuchKind,
            Self::WrongAddress,
            Self::Browser("UnknownError".into()),
            Self::NoPasskeys,
            Self::NotSecure,
            Self::TookTooLong,
            Self::Offline,
            Self::NotStored,
            Self::Refused { words: "Words.".into(), request_id: "r1".into() },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str) -> AppError {
        AppError { request_id: "r1".into(), ..AppError::new(code, "Words.") }
    }

    #[test]
    fn a_link_that_ended_meanwhile_closes_the_page() {
        for (code, why) in [
            ("link_used", Closed::Used),
            ("link_expired", Closed::Expired),
            ("link_revoked", Closed::Revoked),
            ("link_suspended", Closed::Suspended),
            ("link_unknown", Closed::Unknown),
        ] {
            assert_eq!(Stage::of_error(error(code), true), Stage::Closed(why));
        }
    }

    #[test]
    fn what_is_lost_on_the_way_depends_on_how_far_it_had_come() {
        assert_eq!(Stage::of_error(error("offline"), false), Stage::Failed(Failure::Offline));
        assert_eq!(Stage::of_error(error("unexpected"), true), Stage::Failed(Failure::NotStored));
    }

    #[test]
    fn a_refusal_keeps_the_servers_words_and_the_request() {
        let refused = Failure::Refused { words: "Words.".into(), request_id: "r1".into() };
        assert_eq!(Stage::of_error(error("credential_known"), true), Stage::Failed(refused));
    }

    #[test]
    fn each_refusal_of_the_browser_leads_to_its_own_end() {
        assert_eq!(Stage::of_refusal(Refusal::NotAllowed), Stage::Failed(Failure::Cancelled));
        assert_eq!(Stage::of_refusal(Refusal::InvalidState), Stage::Failed(Failure::DeviceHasOne));
        assert_eq!(Stage::of_refusal(Refusal::Constraint), Stage::Failed(Failure::NoScreenLock));
        assert_eq!(Stage::of_refusal(Refusal::NotSupported), Stage::Failed(Failure::NoSuchKind));
        assert_eq!(Stage::of_refusal(Refusal::Security), Stage::Failed(Failure::WrongAddress));
        assert_eq!(Stage::of_refusal(Refusal::Other("X".into())), Stage::Failed(Failure::Browser("X".into())));
        // What we took back ourselves leaves the page as it was.
        assert_eq!(Stage::of_refusal(Refusal::Abort), Stage::Ready);
    }
}
