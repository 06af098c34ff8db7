//! What can go wrong: in the way that a browser says no, and in ways that a server must refuse.

use std::fmt;

/// What `navigator.credentials` throws, by the name of its `DOMException`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrowserError {
    /// The authenticator holds one of `excludeCredentials`.
    InvalidState,
    /// No credential for this site, or the person declined.
    NotAllowed,
    /// None of `pubKeyCredParams` can be made.
    NotSupported,
    /// The relying party id is not the page's host or a parent of it.
    Security,
    /// The options lack this member, or have it in the wrong type.
    Type(&'static str),
}

impl fmt::Display for BrowserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidState => f.write_str("InvalidStateError"),
            Self::NotAllowed => f.write_str("NotAllowedError"),
            Self::NotSupported => f.write_str("NotSupportedError"),
            Self::Security => f.write_str("SecurityError"),
            Self::Type(member) => write!(f, "TypeError: {member}"),
        }
    }
}

impl std::error::Error for BrowserError {}

/// A way to misbehave, while it is among [`SoftAuthenticator::faults`].
///
/// Signatures are made over the faulty data, so that the fault is all that is wrong.
///
/// [`SoftAuthenticator::faults`]: crate::SoftAuthenticator::faults
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The flag UP is missing.
    NotPresent,
    /// The flag UV is missing.
    NotVerified,
    /// The flag BS without the flag BE.
    BackedUpButNotEligible,
    /// The flag AT, and a credential, in an assertion.
    AttestedInAssertion,
    /// Client data: this origin in place of the page's.
    Origin(String),
    /// Client data: another challenge.
    Challenge,
    /// Client data: this type in place of `webauthn.create` or `webauthn.get`.
    ClientDataType(&'static str),
    /// Client data: `crossOrigin: true`.
    CrossOrigin,
    /// Client data: `topOrigin`, with `crossOrigin: false`.
    TopOrigin,
    /// Client data: the origin twice, the second the right one.
    OriginTwice,
    /// Authenticator data: the hash of this relying party id.
    RpId(&'static str),
    /// Authenticator data: these bytes after its end.
    AfterAuthenticatorData(Vec<u8>),
    /// These bytes after the attestation object's end.
    AfterAttestationObject(Vec<u8>),
    /// Attestation object: `authData` twice.
    AuthenticatorDataTwice,
    /// Attestation object: `fmt: none` with a statement.
    StatementWithNone,
    /// Attestation object: this format, with an empty statement.
    Format(&'static str),
    /// Authenticator data: this COSE algorithm in the public key.
    Algorithm(i64),
    /// Authenticator data: a public key that is not on the curve.
    OffCurve,
    /// A credential id of this length.
    CredentialIdLength(usize),
    /// `id` of another credential than `rawId`.
    IdUnlikeRawId,
    /// `id` and `rawId` of another credential than the authenticator data.
    IdUnlikeAuthenticatorData,
    /// This `type` in place of `public-key`.
    CredentialType(&'static str),
    /// `credProps.rk: false`.
    NotDiscoverable,
    /// One bit of the signature is wrong.
    Signature,
    /// This counter in place of the next one.
    Counter(u32),
    /// This user handle in place of the owner's.
    UserHandle(Vec<u8>),
    /// No user handle.
    NoUserHandle,
}
