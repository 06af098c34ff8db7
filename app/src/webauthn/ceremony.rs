//! The two ceremonies: `navigator.credentials.create` and `get`.

use js_sys::{Array, Promise};
use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, CredentialsContainer};

use super::{Answer, Mediation, Place, Refusal, js};

/// Takes a request back that is still open.
#[derive(Clone)]
pub struct Cancel(Option<SendWrapper<AbortController>>);

impl Default for Cancel {
    fn default() -> Self {
        Self(AbortController::new().ok().map(SendWrapper::new))
    }
}

impl Cancel {
    pub fn cancel(&self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }

    fn signal(&self) -> JsValue {
        self.0.as_ref().map_or(JsValue::UNDEFINED, |controller| controller.signal().into())
    }
}

/// The browser's class; `undefined` where it knows no passkeys, or does not trust the address with them.
pub(super) fn class() -> JsValue {
    js::get(&window(), "PublicKeyCredential")
}

#[must_use]
pub fn is_supported() -> bool {
    class().is_function()
}

/// Whether passkeys can be offered in the suggestions of an input.
pub async fn has_conditional_mediation() -> bool {
    js::call_async(&class(), "isConditionalMediationAvailable", &Array::new()).await.is_some_and(|answer| answer.is_truthy())
}

/// Whether this very device can hold a passkey and verify its user.
pub async fn has_platform_authenticator() -> bool {
    js::call_async(&class(), "isUserVerifyingPlatformAuthenticatorAvailable", &Array::new()).await.is_some_and(|answer| answer.is_truthy())
}

/// Makes a passkey from `PublicKeyCredentialCreationOptionsJSON`.
pub async fn create(options: &str, place: Place) -> Result<Answer, Refusal> {
    let options = js::parse(options);
    js::decode_member(&options, "challenge");
    js::decode_member(&js::get(&options, "user"), "id");
    decode_ids(&js::get(&options, "excludeCredentials"));
    if place == Place::OtherDevice {
        // Level 3, §5.8.7: the attachment is for browsers that do not know the hint.
        js::set(&options, "hints", &Array::of1(&"hybrid".into()));
        js::set(&js::get(&options, "authenticatorSelection"), "authenticatorAttachment", &"cross-platform".into());
    }
    let rp_id = js::text(&js::get(&options, "rp"), "id");
    let request = js::object(&[("publicKey", options)]);
    let credential = promised(|container| container.create_with_options(request.unchecked_ref())).await?;
    Ok(answer(&credential, &["clientDataJSON", "attestationObject"], rp_id))
}

/// Signs in by `PublicKeyCredentialRequestOptionsJSON`.
pub async fn get(options: &str, mediation: Mediation, cancel: &Cancel) -> Result<Answer, Refusal> {
    let options = js::parse(options);
    js::decode_member(&options, "challenge");
    decode_ids(&js::get(&options, "allowCredentials"));
    let rp_id = js::text(&options, "rpId");
    let request = js::object(&[("publicKey", options), ("signal", cancel.signal())]);
    if mediation == Mediation::Suggestions {
        js::set(&request, "mediation", &"conditional".into());
    }
    let credential = promised(|container| container.get_with_options(request.unchecked_ref())).await?;
    Ok(answer(&credential, &["clientDataJSON", "authenticatorData", "signature", "userHandle"], rp_id))
}

/// The ids in a list of `PublicKeyCredentialDescriptorJSON`.
fn decode_ids(descriptors: &JsValue) {
    if let Some(descriptors) = descriptors.dyn_ref::<Array>() {
        for descriptor in descriptors.iter() {
            js::decode_member(&descriptor, "id");
        }
    }
}

async fn promised(ask: impl FnOnce(CredentialsContainer) -> Result<Promise, JsValue>) -> Result<JsValue, Refusal> {
    if !is_supported() {
        return Err(Refusal::NotSupported);
    }
    let refused = |error: JsValue| Refusal::of_name(&js::text(&error, "name"));
    let promise = ask(window().navigator().credentials()).map_err(refused)?;
    let credential = JsFuture::from(promise).await.map_err(refused)?;
    // The standard lets a browser answer with nothing where the person chose nothing.
    if credential.is_null() { Err(Refusal::NotAllowed) } else { Ok(credential) }
}

/// A credential as JSON: the members of its response that hold bytes by name.
fn answer(credential: &JsValue, bytes: &[&str], rp_id: String) -> Answer {
    let from = js::get(credential, "response");
    let response = js::object(&[]);
    for name in bytes {
        js::set(&response, name, &js::encoded(&js::get(&from, name)));
    }
    let nothing = Array::new();
    if let Some(transports) = js::call(&from, "getTransports", &nothing) {
        js::set(&response, "transports", &transports);
    }
    let id = js::encoded(&js::get(credential, "rawId"));
    let whole = js::object(&[
        ("id", id.clone()),
        ("rawId", id.clone()),
        ("type", js::get(credential, "type")),
        ("authenticatorAttachment", js::get(credential, "authenticatorAttachment")),
        ("clientExtensionResults", js::call(credential, "getClientExtensionResults", &nothing).unwrap_or_else(|| js::object(&[]).into())),
        ("response", response.into()),
    ]);
    Answer { json: js::stringify(&whole), credential_id: id.as_string().unwrap_or_default(), rp_id }
}
