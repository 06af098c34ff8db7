//! The invitation as a page: what its reader's mail program shows.

use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, header};
use service::Context;

use crate::http::refusal::Refusal;

/// Mail programs take styles that our pages do not; nothing else may happen in it, and only our own page may show it.
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
frame-ancestors 'self'";

/// `GET /settings/branding/mail`: the draft's mail with sample values, or that of what is in force.
pub(crate) async fn mail(Extension(context): Extension<Context>) -> Response {
    match context.branding_mail().await {
        Ok(html) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
                (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
            ];
            (headers, html).into_response()
        }
        Err(error) => Refusal::from(error).into_response(),
    }
}
