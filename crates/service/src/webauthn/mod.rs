//! Passkeys: the two `WebAuthn` ceremonies of one relying party.
//!
//! The cryptography is `webauthn-rs`'s. What it leaves open is closed here: the options ask for a
//! discoverable, user-verified credential, and every answer passes `strict` before the library
//! sees it (W3C Web Authentication Level 3, §7.1 and §7.2).
//!
//! The library verifies the same state as often as it is asked to. **The caller deletes the state
//! in the same step in which it reads it**, before calling a `finish_…`: that is what makes a
//! ceremony single-use.

mod authentication;
mod authenticator_data;
mod cbor;
mod error;
mod jwk;
mod registration;
mod strict;

use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};
use url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

pub use self::{
    authentication::{Claimed, Verified},
    error::{SetupError, WebauthnError},
    registration::{NewPasskey, public_key},
};

/// How long the browser may take for a ceremony. The stored state should live a little longer.
pub const TIMEOUT: Duration = Duration::from_mins(5);

/// The site that passkeys belong to.
#[derive(Debug, Clone)]
pub struct RelyingParty {
    library: Webauthn,
    id: String,
    origin: String,
}

/// A ceremony that has begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// What the browser gets: `PublicKeyCredentialCreationOptionsJSON` or
    /// `PublicKeyCredentialRequestOptionsJSON`, the argument of `parseCreationOptionsFromJSON` and
    /// `parseRequestOptionsFromJSON` (Level 3, §5.1.8 and §5.1.9).
    pub options: serde_json::Value,
    /// What the server keeps, and hands back once to the matching `finish_…`. It holds the
    /// challenge: it never goes to the browser.
    pub state: String,
}

impl RelyingParty {
    /// The relying party behind a public address. Its id is the address's host, its origin the
    /// scheme, host and port exactly; a path is of no consequence. `name` is what authenticators
    /// may show; the host stands in for an empty one.
    pub fn new(public_url: &Url, name: &str) -> Result<Self, SetupError> {
        if !matches!(public_url.scheme(), "http" | "https") {
            return Err(SetupError::NotHttp);
        }
        let host = public_url.domain().ok_or_else(|| SetupError::NotAHostName(public_url.to_string()))?;
        // Browsers offer passkeys in secure contexts only, and count the own machine as one.
        let own_machine = host == "localhost" || host.ends_with(".localhost");
        if public_url.scheme() == "http" && !own_machine {
            return Err(SetupError::NotSecure(host.to_owned()));
        }
        let origin = public_url.origin().ascii_serialization();
        let unusable = || SetupError::NotAHostName(public_url.to_string());
        let origin_url = Url::parse(&origin).map_err(|_| unusable())?;
        let name = if name.trim().is_empty() { host } else { name };
        let library = WebauthnBuilder::new(host, &origin_url)
            .and_then(|builder| builder.rp_name(name).timeout(TIMEOUT).build())
            .map_err(|_| unusable())?;
        Ok(Self { library, id: host.to_owned(), origin })
    }

    /// The relying party id: the host that passkeys are bound to. Changing it orphans them all.
    #[must_use]
    pub fn rp_id(&self) -> &str {
        &self.id
    }

    /// The one origin whose pages may run a ceremony, as browsers write it.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

fn to_json(value: &impl Serialize) -> Result<String, WebauthnError> {
    serde_json::to_string(value).map_err(|_| WebauthnError::Stored("what is to be stored"))
}

fn from_json<T: DeserializeOwned>(json: &str, what: &'static str) -> Result<T, WebauthnError> {
    serde_json::from_str(json).map_err(|_| WebauthnError::Stored(what))
}
