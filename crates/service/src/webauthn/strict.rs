//! Takes a browser's answer apart, and accepts one shape only.
//!
//! `webauthn-rs` gets what is decoded here and never the browser's own JSON, so that nothing
//! reaches it by a spelling that was not looked at.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map as Object, Value};
use uuid::Uuid;

use super::{
    WebauthnError,
    authenticator_data::{self as data, Flags},
};

/// The largest answer, in bytes of JSON (counted without its white space). Real ones have 1 to 8 kB.
const MAX_SIZE: usize = 64 * 1024;
/// The deepest member in the standard is `clientExtensionResults.prf.results.first`.
const MAX_DEPTH: usize = 8;
/// In bytes; Level 3, §7.1.
const MAX_CREDENTIAL_ID: usize = 1023;
const MAX_TRANSPORTS: usize = 16;
const MAX_TRANSPORT: usize = 32;

/// A `RegistrationResponseJSON` (Level 3, §5.1), taken apart.
#[derive(Debug)]
pub(super) struct Registration {
    pub id: String,
    pub raw_id: Vec<u8>,
    pub client_data: Vec<u8>,
    pub attestation_object: Vec<u8>,
    pub flags: Flags,
    pub counter: u32,
    pub aaguid: [u8; 16],
    /// COSE, RFC 9053: -7 is ES256.
    pub algorithm: i64,
    pub transports: Vec<String>,
    /// `credProps.rk`, where the browser says.
    pub discoverable: Option<bool>,
}

/// An `AuthenticationResponseJSON` (Level 3, §5.1), taken apart.
#[derive(Debug)]
pub(super) struct Assertion {
    pub id: String,
    pub raw_id: Vec<u8>,
    pub client_data: Vec<u8>,
    pub authenticator_data: Vec<u8>,
    pub signature: Vec<u8>,
    pub user: Uuid,
}

pub(super) fn registration(answer: &Value, origin: &str) -> Result<Registration, WebauthnError> {
    let (id, raw_id, answer, response) = credential(answer)?;
    let client_data = client_data(response, "webauthn.create", origin)?;
    let attestation_object = decoded(response, "attestationObject", "response.attestationObject")?;
    let made = data::of_registration(data::inside(&attestation_object)?)?;
    if made.credential_id != raw_id {
        return Err(WebauthnError::CredentialIdMismatch);
    }
    Ok(Registration {
        flags: made.flags,
        counter: made.counter,
        aaguid: made.aaguid,
        algorithm: made.algorithm,
        transports: transports(response)?,
        discoverable: discoverable(answer)?,
        id,
        raw_id,
        client_data,
        attestation_object,
    })
}

pub(super) fn assertion(answer: &Value, origin: &str) -> Result<Assertion, WebauthnError> {
    let (id, raw_id, _, response) = credential(answer)?;
    let client_data = client_data(response, "webauthn.get", origin)?;
    let authenticator_data = decoded(response, "authenticatorData", "response.authenticatorData")?;
    data::check_assertion(&authenticator_data)?;
    let signature = decoded(response, "signature", "response.signature")?;
    let user = match response.get("userHandle") {
        None | Some(Value::Null) => return Err(WebauthnError::UserHandleMissing),
        Some(_) => decoded(response, "userHandle", "response.userHandle")?,
    };
    let user = Uuid::from_slice(&user).map_err(|_| WebauthnError::Malformed("response.userHandle"))?;
    Ok(Assertion { id, raw_id, client_data, authenticator_data, signature, user })
}

type Credential<'a> = (String, Vec<u8>, &'a Object<String, Value>, &'a Object<String, Value>);

/// What both answers have in common: id, raw id, the whole object, its `response`.
fn credential(answer: &Value) -> Result<Credential<'_>, WebauthnError> {
    let mut budget = MAX_SIZE;
    measure(answer, MAX_DEPTH, &mut budget)?;
    let answer = answer.as_object().ok_or(WebauthnError::Malformed("credential"))?;
    if string(answer, "type", "type")? != "public-key" {
        return Err(WebauthnError::WrongCredentialType);
    }
    let id = string(answer, "id", "id")?;
    let raw_id = decoded(answer, "rawId", "rawId")?;
    // base64url has one spelling of these bytes, so comparing text compares the ids.
    if id != string(answer, "rawId", "rawId")? {
        return Err(WebauthnError::CredentialIdMismatch);
    }
    if raw_id.is_empty() {
        return Err(WebauthnError::Malformed("rawId"));
    }
    if raw_id.len() > MAX_CREDENTIAL_ID {
        return Err(WebauthnError::CredentialIdTooLong);
    }
    let response = answer.get("response").and_then(Value::as_object).ok_or(WebauthnError::Malformed("response"))?;
    Ok((id.to_owned(), raw_id, answer, response))
}

/// Spends `budget` on a value's text; `serde_json` has bounded its own depth before.
fn measure(value: &Value, depth: usize, budget: &mut usize) -> Result<(), WebauthnError> {
    let depth = depth.checked_sub(1).ok_or(WebauthnError::Malformed("nesting"))?;
    let own_size = match value {
        Value::String(text) => text.len() + 2,
        Value::Object(members) => members.keys().map(|name| name.len() + 4).sum(),
        Value::Array(items) => items.len() + 2,
        Value::Null | Value::Bool(_) | Value::Number(_) => 4,
    };
    *budget = budget.checked_sub(own_size).ok_or(WebauthnError::TooLarge)?;
    match value {
        Value::Array(items) => items.iter().try_for_each(|v| measure(v, depth, budget)),
        Value::Object(members) => members.values().try_for_each(|v| measure(v, depth, budget)),
        _ => Ok(()),
    }
}

fn string<'a>(object: &'a Object<String, Value>, name: &str, path: &'static str) -> Result<&'a str, WebauthnError> {
    object.get(name).and_then(Value::as_str).ok_or(WebauthnError::Malformed(path))
}

fn decoded(object: &Object<String, Value>, name: &str, path: &'static str) -> Result<Vec<u8>, WebauthnError> {
    URL_SAFE_NO_PAD.decode(string(object, name, path)?).map_err(|_| WebauthnError::Malformed(path))
}

/// Client data as far as it is read here; a member given twice is an error of its own.
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    ceremony: String,
    origin: String,
    #[serde(rename = "crossOrigin")]
    cross_origin: Option<bool>,
    #[serde(rename = "topOrigin")]
    top_origin: Option<IgnoredAny>,
}

/// The bytes of the client data, its type and origins checked (Level 3, §5.8.1). The challenge is
/// the library's to compare: the ceremony's state holds it.
fn client_data(response: &Object<String, Value>, ceremony: &str, origin: &str) -> Result<Vec<u8>, WebauthnError> {
    const PATH: &str = "response.clientDataJSON";
    let bytes = decoded(response, "clientDataJSON", PATH)?;
    let data: ClientData = serde_json::from_slice(&bytes).map_err(|_| WebauthnError::Malformed(PATH))?;
    if data.ceremony != ceremony {
        return Err(WebauthnError::WrongCeremony);
    }
    // As text: an origin has one spelling, and the library would take one with a path or a user.
    if data.origin != origin {
        return Err(WebauthnError::WrongOrigin);
    }
    if data.cross_origin == Some(true) || data.top_origin.is_some() {
        return Err(WebauthnError::CrossOrigin);
    }
    Ok(bytes)
}

/// The transports, each once, in the order of the alphabet. Names that no standard has yet are
/// kept, as Level 3 (§5.2.1) asks, but only what can be a name.
fn transports(response: &Object<String, Value>) -> Result<Vec<String>, WebauthnError> {
    let malformed = || WebauthnError::Malformed("response.transports");
    let items = match response.get("transports") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(items)) if items.len() <= MAX_TRANSPORTS => items,
        Some(_) => return Err(malformed()),
    };
    let mut names = Vec::with_capacity(items.len());
    for item in items {
        let name = item.as_str().ok_or_else(malformed)?;
        let plain = |c: u8| c.is_ascii_lowercase() || c == b'-';
        if name.is_empty() || name.len() > MAX_TRANSPORT || !name.bytes().all(plain) {
            return Err(malformed());
        }
        names.push(name.to_owned());
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// `clientExtensionResults.credProps.rk` (Level 3, §10.1.3); many browsers leave it out.
fn discoverable(answer: &Object<String, Value>) -> Result<Option<bool>, WebauthnError> {
    const RESULTS: &str = "clientExtensionResults";
    const PROPERTIES: &str = "clientExtensionResults.credProps";
    let Some(results) = optional_object(answer, RESULTS, RESULTS)? else {
        return Ok(None);
    };
    let Some(properties) = optional_object(results, "credProps", PROPERTIES)? else {
        return Ok(None);
    };
    match properties.get("rk") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(rk)) => Ok(Some(*rk)),
        Some(_) => Err(WebauthnError::Malformed(PROPERTIES)),
    }
}

fn optional_object<'a>(
    object: &'a Object<String, Value>,
    name: &str,
    path: &'static str,
) -> Result<Option<&'a Object<String, Value>>, WebauthnError> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(member)) => Ok(Some(member)),
        Some(_) => Err(WebauthnError::Malformed(path)),
    }
}
