//! The Signal API (Web Authentication Level 3, §5.1.10): password managers learn which passkeys still work and what
//! their owner is called. Where there is none, nothing happens; nothing ever fails.

use domain::ceremony::Accepted;
use js_sys::Array;
use wasm_bindgen::JsValue;

use super::ceremony::class;
use super::{Answer, js};

/// Whether there is anything to tell: asking the server first would be for nothing otherwise.
#[must_use]
pub fn signals_exist() -> bool {
    js::get(&class(), "signalAllAcceptedCredentials").is_function()
}

/// Tells which passkeys still work, and what their owner is called.
pub async fn signal_accepted(accepted: &Accepted) {
    let owner = || js::object(&[("rpId", (&*accepted.rp_id).into()), ("userId", (&*accepted.user_id).into())]);
    let credentials = owner();
    let ids: Array = accepted.credential_ids.iter().map(|id| JsValue::from_str(id)).collect();
    js::set(&credentials, "allAcceptedCredentialIds", &ids);
    js::call_async(&class(), "signalAllAcceptedCredentials", &Array::of1(&credentials)).await;
    let details = owner();
    js::set(&details, "name", &(&*accepted.username).into());
    js::set(&details, "displayName", &(&*accepted.display_name).into());
    js::call_async(&class(), "signalCurrentUserDetails", &Array::of1(&details)).await;
}

/// Tells that a passkey does not work here, or no longer does.
pub async fn signal_unknown(answer: &Answer) {
    let credential = js::object(&[("rpId", (&*answer.rp_id).into()), ("credentialId", (&*answer.credential_id).into())]);
    js::call_async(&class(), "signalUnknownCredential", &Array::of1(&credential)).await;
}
