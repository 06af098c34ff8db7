//! WebAuthn in the browser: making a passkey, signing in with one, and telling password managers what is true.
//!
//! JSON goes in and comes out (Web Authentication Level 3, §5.1). What the browser wants as bytes is converted here, for
//! every browser alike, because not every one has `parseCreationOptionsFromJSON` and `toJSON`.

#[cfg_attr(not(any(feature = "hydrate", test)), expect(dead_code, reason = "there are no passkeys on the server"))]
mod base64url;
#[cfg(feature = "hydrate")]
mod ceremony;
#[cfg(feature = "hydrate")]
mod js;
#[cfg(feature = "hydrate")]
mod signal;

#[cfg(feature = "hydrate")]
pub use ceremony::{Cancel, create, get, has_conditional_mediation, has_platform_authenticator, is_supported};
#[cfg(feature = "hydrate")]
pub use signal::{signal_accepted, signal_unknown, signals_exist};
#[cfg(not(feature = "hydrate"))]
pub use without_browser::*;

/// Why the browser gave no passkey: the `DOMException` by its name (Web Authentication Level 3, §5.1.3 and §5.1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The person said no, let the time run out, or had nothing to choose from; which of them is not told.
    NotAllowed,
    /// The authenticator holds one of the excluded credentials.
    InvalidState,
    /// No authenticator can verify its user: there is no screen lock.
    Constraint,
    /// No authenticator makes a key of a wanted kind.
    NotSupported,
    /// The page's address is not one of the relying party.
    Security,
    /// We took the request back ourselves.
    Abort,
    /// Anything else, by its name.
    Other(String),
}

impl Refusal {
    #[cfg_attr(not(any(feature = "hydrate", test)), expect(dead_code, reason = "nothing is refused on the server"))]
    fn of_name(name: &str) -> Self {
        match name {
            "NotAllowedError" => Self::NotAllowed,
            "InvalidStateError" => Self::InvalidState,
            "ConstraintError" => Self::Constraint,
            "NotSupportedError" => Self::NotSupported,
            "SecurityError" => Self::Security,
            "AbortError" => Self::Abort,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// What the browser gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// `RegistrationResponseJSON` or `AuthenticationResponseJSON` as text.
    pub json: String,
    pub credential_id: String,
    /// The relying party that the options named.
    pub rp_id: String,
}

/// Where the passkey is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Wherever the person likes.
    Anywhere,
    /// On another device: browsers show a QR code for the phone at once.
    OtherDevice,
}

/// How the browser asks for a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mediation {
    /// In a dialog.
    Dialog,
    /// In the suggestions of the username box, for as long as the page is open.
    Suggestions,
}

#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_async, reason = "the browser's side of each waits")]
mod without_browser {
    use super::{Answer, Mediation, Place, Refusal};
    use domain::ceremony::Accepted;

    #[derive(Clone, Default)]
    pub struct Cancel(());

    impl Cancel {
        pub fn cancel(&self) {}
    }

    #[must_use]
    pub fn is_supported() -> bool {
        false
    }
    pub async fn has_conditional_mediation() -> bool {
        false
    }
    pub async fn has_platform_authenticator() -> bool {
        false
    }
    pub async fn create(_: &str, _: Place) -> Result<Answer, Refusal> {
        Err(Refusal::NotSupported)
    }
    pub async fn get(_: &str, _: Mediation, _: &Cancel) -> Result<Answer, Refusal> {
        Err(Refusal::NotSupported)
    }
    #[must_use]
    pub fn signals_exist() -> bool {
        false
    }
    pub async fn signal_accepted(_: &Accepted) {}
    pub async fn signal_unknown(_: &Answer) {}
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn what_the_browser_calls_its_refusals() {
        assert_eq!(Refusal::of_name("NotAllowedError"), Refusal::NotAllowed);
        assert_eq!(Refusal::of_name("ConstraintError"), Refusal::Constraint);
        assert_eq!(Refusal::of_name("UnknownError"), Refusal::Other("UnknownError".into()));
    }
}
