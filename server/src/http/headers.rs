//! Headers that every answer carries.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::Edge;

const PERMISSIONS: &str = "publickey-credentials-create=(self), publickey-credentials-get=(self), clipboard-write=(self), \
accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), \
idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), otp-credentials=(), payment=(), serial=(), usb=(), \
xr-spatial-tracking=()";

/// What is no page needs nothing from anywhere.
const NO_PAGE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// For a year; only over TLS, where browsers heed it.
const HSTS: &str = "max-age=31536000";

pub(crate) async fn secure(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    // The address of an enrollment page is a secret.
    let referrer = if request.uri().path().starts_with("/enroll") { "no-referrer" } else { "same-origin" };
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if edge.keyroll.is_secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    or_insert(headers, header::REFERRER_POLICY, referrer);
    or_insert(headers, header::CONTENT_SECURITY_POLICY, NO_PAGE);
    or_insert(headers, header::CACHE_CONTROL, "no-store");
    response
}

fn or_insert(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

/// The policy of a page: scripts of ours, and the one inline script that carries the nonce.
pub(crate) fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
