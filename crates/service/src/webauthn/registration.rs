//! A new passkey: the options that ask for it, and the answer's verification.

use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::PasskeyRegistration;
use webauthn_rs_proto::{
    AuthenticatorAttestationResponseRaw, AuthenticatorSelectionCriteria, CredProps, RegisterPublicKeyCredential,
    RegistrationExtensionsClientOutputs, RequestRegistrationExtensions, ResidentKeyRequirement, UserVerificationPolicy,
};

use super::{Begun, RelyingParty, WebauthnError, from_json, jwk, strict, to_json};

/// What is offered, by preference (COSE, RFC 9053 and RFC 8812): ES256 for nearly every device,
/// RS256 for older Windows ones. `EdDSA` is missing because the library cannot verify it.
const ALGORITHMS: [i64; 2] = [-7, -257];

/// A passkey that has just been made, verified, and not yet stored.
#[derive(Debug, Clone)]
pub struct NewPasskey {
    /// At most 1,023 bytes. Unique across the whole relying party: the database must see to it.
    pub credential_id: Vec<u8>,
    /// The credential as JSON, for `finish_authentication`.
    pub credential: String,
    /// The model of authenticator; zeros where it does not tell.
    pub aaguid: [u8; 16],
    /// The authenticator's use counter; 0 for those that have none.
    pub counter: u32,
    /// It may leave the device: a synced passkey, or one that can become one.
    pub backup_eligible: bool,
    /// It has left the device.
    pub backup_state: bool,
    /// `internal`, `hybrid`, `usb`…: the browser's word, a hint and no more. Sorted, each once.
    pub transports: Vec<String>,
    /// The public key as a JWK, required members only, in the order of RFC 7638.
    pub jwk_json: String,
    /// The key's RFC 7638 thumbprint: base64url of a SHA-256, 43 characters.
    pub jwk_thumbprint: String,
}

impl RelyingParty {
    /// Begins the registration of a passkey for `user`.
    ///
    /// `exclude` are the ids of the person's active passkeys: an authenticator that holds one
    /// refuses to make another, and [`Self::finish_registration`] refuses an answer that is one.
    pub fn begin_registration(&self, user: Uuid, username: &str, display_name: &str, exclude: &[Vec<u8>]) -> Result<Begun, WebauthnError> {
        let display_name = if display_name.is_empty() { username } else { display_name };
        let (challenge, state) = self.library.start_passkey_registration(user, username, display_name, Some(exclude.to_vec()))?;
        let mut options = challenge.public_key;
        // The library discourages discoverable credentials; sign-in here knows no others.
        options.authenticator_selection = Some(AuthenticatorSelectionCriteria {
            authenticator_attachment: None,
            resident_key: Some(ResidentKeyRequirement::Required),
            require_resident_key: true,
            user_verification: UserVerificationPolicy::Required,
        });
        options.pub_key_cred_params.retain(|parameter| ALGORITHMS.contains(&parameter.alg));
        options.extensions = Some(RequestRegistrationExtensions {
            cred_protect: None,
            uvm: None,
            cred_props: Some(true),
            min_pin_length: None,
            hmac_create_secret: None,
        });
        Ok(Begun {
            options: serde_json::to_value(options).map_err(|_| WebauthnError::Stored("creation options"))?,
            state: to_json(&state)?,
        })
    }

    /// Verifies a `RegistrationResponseJSON` against the state of its ceremony, which the caller
    /// has deleted in the same step in which it read it.
    pub fn finish_registration(&self, state: &str, response: &Value) -> Result<NewPasskey, WebauthnError> {
        let state: PasskeyRegistration = from_json(state, "registration state")?;
        let answer = strict::registration(response, &self.origin)?;
        if !ALGORITHMS.contains(&answer.algorithm) {
            return Err(WebauthnError::AlgorithmNotOffered);
        }
        if answer.discoverable == Some(false) {
            return Err(WebauthnError::NotDiscoverable);
        }
        let credential = RegisterPublicKeyCredential {
            id: answer.id,
            raw_id: answer.raw_id,
            response: AuthenticatorAttestationResponseRaw {
                attestation_object: answer.attestation_object,
                client_data_json: answer.client_data,
                transports: None,
            },
            type_: "public-key".to_owned(),
            extensions: RegistrationExtensionsClientOutputs {
                cred_props: answer.discoverable.map(|rk| CredProps { rk: Some(rk) }),
                ..RegistrationExtensionsClientOutputs::default()
            },
        };
        let passkey = self.library.finish_passkey_registration(&credential, &state)?;
        let jwk_json = jwk::canonical(passkey.get_public_key())?;
        Ok(NewPasskey {
            credential_id: passkey.cred_id().clone(),
            credential: to_json(&passkey)?,
            aaguid: answer.aaguid,
            counter: answer.counter,
            backup_eligible: answer.flags.backup_eligible(),
            backup_state: answer.flags.backed_up(),
            transports: answer.transports,
            jwk_thumbprint: jwk::thumbprint(&jwk_json),
            jwk_json,
        })
    }
}

/// The public key of a credential as it is kept: its JWK (RFC 7517) and that one's thumbprint (RFC 7638).
pub fn public_key(credential: &str) -> Result<(String, String), WebauthnError> {
    let passkey: webauthn_rs::prelude::Passkey = from_json(credential, "a credential")?;
    let jwk_json = jwk::canonical(passkey.get_public_key())?;
    let thumbprint = jwk::thumbprint(&jwk_json);
    Ok((jwk_json, thumbprint))
}
