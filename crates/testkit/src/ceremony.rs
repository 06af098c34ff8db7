//! The browser: reads the options, asks the authenticator, writes the answer
//! (Level 3, §5.1.3 and §5.1.4, in what a test needs).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{BrowserError, Credential, Fault, SoftAuthenticator, cbor};

impl SoftAuthenticator {
    /// `navigator.credentials.create`, from a page at `origin`: takes a
    /// `PublicKeyCredentialCreationOptionsJSON`, gives a `RegistrationResponseJSON`.
    pub fn create(&mut self, options: &Value, origin: &str) -> Result<Value, BrowserError> {
        let rp_id = text(&options["rp"]["id"], "rp.id")?;
        check_rp_id(rp_id, origin)?;
        let algorithms = list(&options["pubKeyCredParams"], "pubKeyCredParams")?;
        if !algorithms.iter().any(|offer| offer["alg"] == -7) {
            return Err(BrowserError::NotSupported);
        }
        let excluded = ids(&options["excludeCredentials"], "excludeCredentials")?;
        if (self.credentials.iter()).any(|c| c.rp_id == rp_id && excluded.contains(&c.id)) {
            return Err(BrowserError::InvalidState);
        }
        let user = &options["user"];
        let user_handle = decoded(&user["id"], "user.id")?;
        if user_handle.is_empty() || user_handle.len() > 64 {
            return Err(BrowserError::Type("user.id"));
        }
        text(&user["displayName"], "user.displayName")?;
        let credential = self.make(rp_id, user_handle, text(&user["name"], "user.name")?)?;

        let client_data = self.client_data(options, "webauthn.create", origin)?;
        let data = self.authenticator_data(&credential, true);
        let mut answer = self.answer(&credential);
        answer["response"] = json!({
            "clientDataJSON": encode(&client_data),
            "attestationObject": encode(&self.attestation_object(&data)),
            "authenticatorData": encode(&data),
            "publicKeyAlgorithm": -7,
            "transports": self.transports,
        });
        if options["extensions"]["credProps"] == true {
            let rk = !self.has(&Fault::NotDiscoverable);
            answer["clientExtensionResults"] = json!({ "credProps": { "rk": rk } });
        }
        Ok(answer)
    }

    /// `navigator.credentials.get`, from a page at `origin`: takes a
    /// `PublicKeyCredentialRequestOptionsJSON`, gives an `AuthenticationResponseJSON` of the
    /// newest credential that fits.
    pub fn get(&mut self, options: &Value, origin: &str) -> Result<Value, BrowserError> {
        self.get_where(options, origin, |_| true)
    }

    /// Like [`Self::get`], with the person choosing the credential `id` from the list.
    pub fn get_with(&mut self, options: &Value, origin: &str, id: &[u8]) -> Result<Value, BrowserError> {
        self.get_where(options, origin, |credential| credential.id == id)
    }

    fn get_where(&mut self, options: &Value, origin: &str, chosen: impl Fn(&Credential) -> bool) -> Result<Value, BrowserError> {
        let rp_id = text(&options["rpId"], "rpId")?;
        check_rp_id(rp_id, origin)?;
        let allowed = ids(&options["allowCredentials"], "allowCredentials")?;
        let fits = |c: &Credential| c.rp_id == rp_id && (allowed.is_empty() || allowed.contains(&c.id)) && chosen(c);
        let counts = self.counts;
        let credential = (self.credentials.iter_mut().rev()).find(|credential| fits(credential)).ok_or(BrowserError::NotAllowed)?;
        if counts {
            credential.counter += 1;
        }
        let credential = credential.clone();

        let client_data = self.client_data(options, "webauthn.get", origin)?;
        let data = self.authenticator_data(&credential, false);
        let other_handle = self.fault(|fault| match fault {
            Fault::UserHandle(handle) => Some(handle),
            _ => None,
        });
        let mut answer = self.answer(&credential);
        answer["response"] = json!({
            "clientDataJSON": encode(&client_data),
            "authenticatorData": encode(&data),
            "signature": encode(&self.sign(&credential, &data, &client_data)),
            "userHandle": encode(other_handle.unwrap_or(&credential.user_handle)),
        });
        if self.has(&Fault::NoUserHandle) {
            answer["response"]["userHandle"] = Value::Null;
        }
        Ok(answer)
    }

    /// What both answers have in common.
    fn answer(&self, credential: &Credential) -> Value {
        let mut other = credential.id.clone();
        other[0] ^= 1;
        let unlike_data = self.has(&Fault::IdUnlikeAuthenticatorData);
        let unlike_raw = self.has(&Fault::IdUnlikeRawId);
        let raw_id = if unlike_data { &other } else { &credential.id };
        let id = if unlike_raw { &other } else { raw_id };
        let kind = self.fault(|fault| match fault {
            Fault::CredentialType(kind) => Some(*kind),
            _ => None,
        });
        json!({
            "id": encode(id),
            "rawId": encode(raw_id),
            "type": kind.unwrap_or("public-key"),
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
        })
    }

    /// Client data in the order of the standard's own serialization (Level 3, §5.8.1.1).
    fn client_data(&self, options: &Value, ceremony: &str, origin: &str) -> Result<Vec<u8>, BrowserError> {
        let mut challenge = decoded(&options["challenge"], "challenge")?;
        if self.has(&Fault::Challenge) {
            challenge.reverse();
        }
        let ceremony = (self.fault(|fault| match fault {
            Fault::ClientDataType(ceremony) => Some(*ceremony),
            _ => None,
        }))
        .unwrap_or(ceremony);
        let claimed = (self.fault(|fault| match fault {
            Fault::Origin(origin) => Some(origin.as_str()),
            _ => None,
        }))
        .unwrap_or(origin);
        let twice = if self.has(&Fault::OriginTwice) { r#""origin":"https://elsewhere.example","# } else { "" };
        let top_origin = if self.has(&Fault::TopOrigin) { r#","topOrigin":"https://elsewhere.example""# } else { "" };
        Ok(format!(
            r#"{{"type":{},"challenge":"{}",{twice}"origin":{},"crossOrigin":{}{top_origin}}}"#,
            json!(ceremony),
            encode(&challenge),
            json!(claimed),
            self.has(&Fault::CrossOrigin),
        )
        .into_bytes())
    }

    /// The attestation object (Level 3, §6.5.4), with no statement about the maker.
    fn attestation_object(&self, authenticator_data: &[u8]) -> Vec<u8> {
        let format = self.fault(|fault| match fault {
            Fault::Format(format) => Some(*format),
            _ => None,
        });
        let statement = if self.has(&Fault::StatementWithNone) { cbor::map(&[(cbor::text("alg"), cbor::int(-7))]) } else { cbor::map(&[]) };
        let mut members = vec![
            (cbor::text("fmt"), cbor::text(format.unwrap_or("none"))),
            (cbor::text("attStmt"), statement),
            (cbor::text("authData"), cbor::bytes(authenticator_data)),
        ];
        if self.has(&Fault::AuthenticatorDataTwice) {
            members.extend(members.last().cloned());
        }
        let mut object = cbor::map(&members);
        for fault in &self.faults {
            if let Fault::AfterAttestationObject(bytes) = fault {
                object.extend(bytes);
            }
        }
        object
    }
}

/// The id must be the page's host or a parent domain of it (public suffixes are not looked up).
fn check_rp_id(rp_id: &str, origin: &str) -> Result<(), BrowserError> {
    let host = (origin.split_once("://")).and_then(|(_, rest)| rest.split(':').next()).ok_or(BrowserError::Security)?;
    let parent = (host.strip_suffix(rp_id)).is_some_and(|front| front.ends_with('.'));
    if host == rp_id || parent { Ok(()) } else { Err(BrowserError::Security) }
}

fn text<'a>(value: &'a Value, member: &'static str) -> Result<&'a str, BrowserError> {
    value.as_str().ok_or(BrowserError::Type(member))
}

fn list<'a>(value: &'a Value, member: &'static str) -> Result<&'a [Value], BrowserError> {
    match value {
        Value::Null => Ok(&[]),
        Value::Array(items) => Ok(items),
        _ => Err(BrowserError::Type(member)),
    }
}

fn ids(value: &Value, member: &'static str) -> Result<Vec<Vec<u8>>, BrowserError> {
    (list(value, member)?.iter()).map(|descriptor| decoded(&descriptor["id"], member)).collect()
}

fn decoded(value: &Value, member: &'static str) -> Result<Vec<u8>, BrowserError> {
    URL_SAFE_NO_PAD.decode(text(value, member)?).map_err(|_| BrowserError::Type(member))
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
