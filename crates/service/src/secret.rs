//! Secrets: 256 random bits, shown once, kept as SHA-256.

use std::fmt;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Where random bytes come from; tests give a seed.
#[derive(Debug, Clone, Default)]
pub enum Randomness {
    #[default]
    System,
    /// SHA-256 of the seed and a counter: the same bytes in the same order each time.
    Seeded(Arc<Mutex<(u64, u64)>>),
}

impl Randomness {
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new((seed, 0))))
    }

    /// 32 random bytes.
    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        match self {
            Self::System => {
                let mut bytes = [0; 32];
                // Without randomness no secret may be made: stopping is the only safe answer.
                getrandom::fill(&mut bytes).expect("the system gives random bytes");
                bytes
            }
            Self::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                state.1 += 1;
                Sha256::digest([state.0.to_be_bytes(), state.1.to_be_bytes()].concat()).into()
            }
        }
    }
}

/// base64url without padding (RFC 4648, §5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads [`base64url`] back.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A token, link or session secret in clear. It has no `Debug` of its content and is never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub(crate) fn random(randomness: &Randomness) -> Self {
        Self(base64url(&randomness.bytes()))
    }

    /// The same secret behind letters that tell what it is.
    pub(crate) fn marked(prefix: &str, secret: &Self) -> Self {
        Self(format!("{prefix}{}", secret.0))
    }

    /// Takes what somebody presented. Whatever is no secret of ours hashes to something that nobody has.
    #[must_use]
    pub fn presented(text: &str) -> Self {
        Self(text.chars().take(64).collect())
    }

    /// The form that is stored and looked up.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// A key for one purpose, which tells nothing of the secret or of its hash.
    pub(crate) fn derived(&self, purpose: &str) -> [u8; 32] {
        Sha256::new().chain_update(purpose).chain_update([0]).chain_update(self.0.as_bytes()).finalize().into()
    }

    /// The text itself, for the one who receives it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
