//! `GET R/identities/{identity_id}/credential-binding-jobs/{job_id}:invokeAuthenticator?token=…`: from a link that the API
//! gave to the page where a passkey is made.
//!
//! Nothing is looked up and nothing is written: a mail scanner or a link preview that follows the link has no effect, and
//! learns nothing of what there is.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, Uri, header};

use super::error::ApiError;

pub(super) fn enrollment(uri: &Uri) -> Response {
    let token = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "token");
    let token = token.map(|(_, token)| token.into_owned()).filter(|token| is_secret(token));
    let Some(token) = token else { return ApiError::not_found().into_response() };
    let Ok(place) = HeaderValue::try_from(format!("/enroll/{token}")) else { return ApiError::not_found().into_response() };
    let no_referrer = (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    (StatusCode::FOUND, [(header::LOCATION, place), no_referrer]).into_response()
}

/// 256 bits in base64url, as links have them.
fn is_secret(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_page_and_nowhere_else() {
        let token = "A".repeat(42) + "-";
        let led = |query: &str| enrollment(&format!("/x?{query}").parse().unwrap());
        let response = led(&format!("token={token}"));
        assert_eq!(response.status(), StatusCode::FOUND);
        assert_eq!(response.headers()[header::LOCATION], format!("/enroll/{token}"));
        for none in
            ["", "token=", "token=..%2F..%2Fevil", &format!("token={token}A"), "token=%2F%2Fevil.example", &format!("TOKEN={token}")]
        {
            assert_eq!(led(none).status(), StatusCode::NOT_FOUND, "{none}");
        }
    }
}
