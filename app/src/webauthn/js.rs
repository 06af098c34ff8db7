//! Values of JavaScript by their names, where the bindings lack them.

use js_sys::{Array, Function, JSON, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::base64url;

pub(super) fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

pub(super) fn set(of: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(of, &JsValue::from_str(name), value);
}

pub(super) fn text(of: &JsValue, name: &str) -> String {
    get(of, name).as_string().unwrap_or_default()
}

pub(super) fn parse(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or(JsValue::UNDEFINED)
}

pub(super) fn stringify(value: &JsValue) -> String {
    JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

pub(super) fn object(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        set(&object, name, value);
    }
    object
}

/// Calls a method; `None` where there is no such method, or it throws at once.
pub(super) fn call(of: &JsValue, method: &str, arguments: &Array) -> Option<JsValue> {
    get(of, method).dyn_into::<Function>().ok()?.apply(of, arguments).ok()
}

/// Calls a method that promises something; `None` where there is no such method, or it comes to nothing.
pub(super) async fn call_async(of: &JsValue, method: &str, arguments: &Array) -> Option<JsValue> {
    let promise: Promise = call(of, method, arguments)?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

/// Puts bytes where base64url stands.
pub(super) fn decode_member(of: &JsValue, name: &str) {
    if let Some(bytes) = get(of, name).as_string().and_then(|text| base64url::decode(&text)) {
        set(of, name, &Uint8Array::from(&*bytes));
    }
}

/// An `ArrayBuffer` as base64url; `undefined` where there is none, so that JSON leaves it out.
pub(super) fn encoded(buffer: &JsValue) -> JsValue {
    if buffer.is_undefined() || buffer.is_null() {
        return JsValue::UNDEFINED;
    }
    JsValue::from_str(&base64url::encode(&Uint8Array::new(buffer).to_vec()))
}
