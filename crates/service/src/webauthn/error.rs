//! Why a ceremony is refused: a code for programs, words for people, a source for the log.

use webauthn_rs::prelude::WebauthnError as Library;

/// A public address that passkeys cannot work under.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    #[error("the public URL must begin with https:// (or http:// for localhost)")]
    NotHttp,
    #[error(
        "passkeys are bound to a host name, and {0} has none: use a name such as \
         https://id.example.com, or http://localhost:3000 for a trial"
    )]
    NotAHostName(String),
    #[error(
        "browsers offer passkeys over https only (localhost excepted): make the public URL \
         https://{0}"
    )]
    NotSecure(String),
}

/// Why a ceremony did not end in a passkey or a sign-in.
///
/// The words name what was wrong with the answer and nothing that the server knows besides.
#[derive(Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WebauthnError {
    #[error("the passkey's answer is larger than it may be")]
    TooLarge,
    /// A member is missing, of the wrong type, or not decodable; the field is its path.
    #[error("the passkey's answer is malformed: {0}")]
    Malformed(&'static str),
    #[error("bytes are left over in the passkey's answer: {0}")]
    TrailingBytes(&'static str),
    #[error("the answer is not a public key credential's")]
    WrongCredentialType,
    #[error("the answer names its credential in two different ways")]
    CredentialIdMismatch,
    #[error("the credential's id is longer than 1,023 bytes")]
    CredentialIdTooLong,
    #[error("the answer belongs to another kind of request")]
    WrongCeremony,
    #[error("the answer is to another request than this one: please begin again")]
    ChallengeMismatch,
    #[error("the answer comes from another site's address")]
    WrongOrigin,
    #[error("the answer was made inside another site's page")]
    CrossOrigin,
    #[error("the passkey belongs to another site")]
    WrongRelyingParty,
    #[error("nobody touched or confirmed the device")]
    NotPresent,
    #[error("the device did not check who is using it: set up a screen lock, fingerprint, face or PIN")]
    NotVerified,
    #[error("the passkey uses a kind of key that was not asked for")]
    AlgorithmNotOffered,
    #[error("the passkey says nothing about its maker, yet encloses a statement")]
    StatementWithoutFormat,
    #[error("the statement about the passkey's maker cannot be verified")]
    AttestationInvalid,
    #[error("the passkey is not kept on the device, so it could not be used to sign in")]
    NotDiscoverable,
    #[error("this device already has a passkey for this account")]
    AlreadyRegistered,
    #[error("the passkey says it is backed up, but also that it cannot be")]
    BackupStateInvalid,
    #[error("the passkey has changed whether it can be backed up: please register it anew")]
    BackupEligibilityChanged,
    #[error("the answer does not say whose passkey it is")]
    UserHandleMissing,
    /// The credential and the user handle belong to different people.
    #[error("the passkey was not recognised")]
    UserHandleMismatch,
    #[error("the passkey was not recognised")]
    UnknownCredential,
    #[error("the passkey's signature is not valid")]
    BadSignature,
    /// A sign of a copied key (Level 3, §6.1.1), or of an answer used twice.
    #[error("the passkey's use counter went back: the passkey may have been copied")]
    CounterWentBack,
    #[error("an account needs a name before it can have a passkey")]
    NamelessUser,
    /// A server-side fault: what the database returned is not what was stored.
    #[error("the request could not be completed: please begin again")]
    Stored(&'static str),
    #[error("the passkey's answer was refused")]
    Refused(#[source] Library),
}

impl WebauthnError {
    /// The error's name on the wire; stable.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "webauthn_too_large",
            Self::Malformed(_) => "webauthn_malformed",
            Self::TrailingBytes(_) => "webauthn_trailing_bytes",
            Self::WrongCredentialType => "webauthn_wrong_credential_type",
            Self::CredentialIdMismatch => "webauthn_credential_id_mismatch",
            Self::CredentialIdTooLong => "webauthn_credential_id_too_long",
            Self::WrongCeremony => "webauthn_wrong_ceremony",
            Self::ChallengeMismatch => "webauthn_challenge_mismatch",
            Self::WrongOrigin => "webauthn_wrong_origin",
            Self::CrossOrigin => "webauthn_cross_origin",
            Self::WrongRelyingParty => "webauthn_wrong_relying_party",
            Self::NotPresent => "webauthn_not_present",
            Self::NotVerified => "webauthn_not_verified",
            Self::AlgorithmNotOffered => "webauthn_algorithm_not_offered",
            Self::StatementWithoutFormat => "webauthn_statement_without_format",
            Self::AttestationInvalid => "webauthn_attestation_invalid",
            Self::NotDiscoverable => "webauthn_not_discoverable",
            Self::AlreadyRegistered => "webauthn_already_registered",
            Self::BackupStateInvalid => "webauthn_backup_state_invalid",
            Self::BackupEligibilityChanged => "webauthn_backup_eligibility_changed",
            Self::UserHandleMissing => "webauthn_user_handle_missing",
            // One code for both: which half was wrong is nobody's business outside.
            Self::UserHandleMismatch | Self::UnknownCredential => "webauthn_unknown_passkey",
            Self::BadSignature => "webauthn_bad_signature",
            Self::CounterWentBack => "webauthn_counter_went_back",
            Self::NamelessUser => "webauthn_nameless_user",
            Self::Stored(_) => "webauthn_stored_state",
            Self::Refused(_) => "webauthn_refused",
        }
    }
}

impl From<Library> for WebauthnError {
    fn from(error: Library) -> Self {
        match error {
            Library::InvalidClientDataType => Self::WrongCeremony,
            Library::MismatchedChallenge => Self::ChallengeMismatch,
            Library::InvalidRPOrigin => Self::WrongOrigin,
            Library::CredentialCrossOrigin => Self::CrossOrigin,
            Library::InvalidRPIDHash => Self::WrongRelyingParty,
            Library::UserNotPresent => Self::NotPresent,
            Library::UserNotVerified => Self::NotVerified,
            // The algorithm was checked before the library was asked: what remains under this
            // name is a credential from the exclude list.
            Library::CredentialAlteredAlgFromRequest | Library::CredentialExcludedFromRequest => Self::AlreadyRegistered,
            Library::CredentialMayNotBeHardwareBound => Self::BackupStateInvalid,
            Library::CredentialBackupEligibilityInconsistent => Self::BackupEligibilityChanged,
            Library::CredentialNotFound => Self::UnknownCredential,
            Library::AuthenticationFailure | Library::SignatureInvalid => Self::BadSignature,
            Library::CredentialPossibleCompromise => Self::CounterWentBack,
            Library::InvalidUsername => Self::NamelessUser,
            Library::ParseJSONFailure(_) => Self::Malformed("response.clientDataJSON"),
            Library::ParseCBORFailure(_) => Self::Malformed("response.attestationObject"),
            Library::ParseNOMFailure => Self::Malformed("authenticator data"),
            Library::COSEKeyInvalidCBORValue
            | Library::COSEKeyInvalidType
            | Library::COSEKeyInvalidAlgorithm
            | Library::COSEKeyECDSAXYInvalid
            | Library::COSEKeyECDSAInvalidCurve
            | Library::COSEKeyRSANEInvalid
            | Library::EcdsaPointInvalid
            | Library::RsaParametersInvalid => Self::Malformed("credential public key"),
            Library::AttestationNotSupported
            | Library::AttestationStatementMapInvalid
            | Library::AttestationStatementSigMissing
            | Library::AttestationStatementSigInvalid
            | Library::AttestationStatementAlgMissing
            | Library::AttestationStatementAlgMismatch
            | Library::AttestationStatementAlgInvalid
            | Library::AttestationStatementX5CMissing
            | Library::AttestationStatementX5CInvalid => Self::AttestationInvalid,
            other => Self::Refused(other),
        }
    }
}
