//! Signing in with a passkey, without a name: the options, and the answer's verification.

use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey};
use webauthn_rs_proto::{AuthenticationExtensionsClientOutputs, AuthenticatorAssertionResponseRaw, PublicKeyCredential};

use super::{Begun, RelyingParty, WebauthnError, from_json, strict, to_json};

/// Who an answer says it is from: a claim, to look the stored credential up by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The user handle: what `begin_registration` was given.
    pub user: Uuid,
    pub credential_id: Vec<u8>,
}

/// A passkey's use, verified. What changed is to be stored.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The credential as JSON, in place of the stored one.
    pub credential: String,
    /// Whether `credential` differs from the stored one.
    pub changed: bool,
    /// The authenticator's use counter; 0 for those that have none.
    pub counter: u32,
    pub backup_eligible: bool,
    pub backup_state: bool,
}

impl RelyingParty {
    /// Begins a sign-in for whoever it will be. The options name no credential, so they cannot
    /// tell whether an account exists; whether the browser asks in a dialog or in the username
    /// box (`mediation`) is the page's choice.
    pub fn begin_authentication(&self) -> Result<Begun, WebauthnError> {
        let (challenge, state) = self.library.start_discoverable_authentication()?;
        let mut options = challenge.public_key;
        options.extensions = None;
        let mut options = serde_json::to_value(options).map_err(|_| WebauthnError::Stored("request options"))?;
        if let Some(members) = options.as_object_mut() {
            members.remove("allowCredentials");
        }
        Ok(Begun { options, state: to_json(&state)? })
    }

    /// Reads who an `AuthenticationResponseJSON` says it is from. Its shape, origin and flags are
    /// checked; its signature is not.
    pub fn claimed(&self, response: &Value) -> Result<Claimed, WebauthnError> {
        let answer = strict::assertion(response, &self.origin)?;
        Ok(Claimed { user: answer.user, credential_id: answer.raw_id })
    }

    /// Verifies an `AuthenticationResponseJSON` against the state of its ceremony, which the
    /// caller has deleted in the same step in which it read it, and against the stored
    /// `credential` of `owner`.
    pub fn finish_authentication(&self, state: &str, response: &Value, owner: Uuid, credential: &str) -> Result<Verified, WebauthnError> {
        let state: DiscoverableAuthentication = from_json(state, "authentication state")?;
        let mut passkey: Passkey = from_json(credential, "credential")?;
        let answer = strict::assertion(response, &self.origin)?;
        if answer.user != owner {
            return Err(WebauthnError::UserHandleMismatch);
        }
        let assertion = PublicKeyCredential {
            id: answer.id,
            raw_id: answer.raw_id,
            response: AuthenticatorAssertionResponseRaw {
                authenticator_data: answer.authenticator_data,
                client_data_json: answer.client_data,
                signature: answer.signature,
                user_handle: Some(answer.user.as_bytes().to_vec()),
            },
            extensions: AuthenticationExtensionsClientOutputs::default(),
            type_: "public-key".to_owned(),
        };
        let result = self.library.finish_discoverable_authentication_v2(&assertion, state, &passkey)?;
        let changed = passkey.update_credential(&result).ok_or(WebauthnError::UnknownCredential)?;
        Ok(Verified {
            credential: to_json(&passkey)?,
            changed,
            counter: result.counter(),
            backup_eligible: result.backup_eligible(),
            backup_state: result.backup_state(),
        })
    }
}
