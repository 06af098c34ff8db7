//! Where a request that may change something, or carries much away, comes from: our own pages, and nowhere else.
//!
//! Browsers say it in two headers that scripts cannot write, `Origin` (RFC 6454) and `Sec-Fetch-Site` (Fetch Metadata).
//! One of them has to say that it is us, and neither may say otherwise. A request with neither comes from no browser
//! that is signed in here; scripts have the API for it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, Method, StatusCode, header};

use crate::Edge;
use crate::http::refusal::Refusal;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

pub(crate) async fn check(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let origin = edge.keyroll.public_url().origin().ascii_serialization();
    // What a token opens no cookie does: the browser sends nothing along by itself.
    let path = request.uri().path();
    if path.starts_with("/v1/") || !must_be_ours(request.method(), path) || is_same_origin(request.headers(), &origin) {
        return next.run(request).await;
    }
    let words = "This request did not come from a page of Keyroll, so nothing was done. Load the page again.";
    Refusal::new(StatusCode::FORBIDDEN, "wrong_origin", words).into_response()
}

/// Everything but the methods that HTTP calls safe (RFC 9110, §9.2.1), and exports: another site's page must not start
/// downloads here.
fn must_be_ours(method: &Method, path: &str) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || path.starts_with("/events/export.")
}

fn is_same_origin(headers: &HeaderMap, ours: &str) -> bool {
    // `None` where the header is absent; sent twice, it says nothing that can be relied on.
    let says = |name: HeaderName, wanted: &str| {
        let mut values = headers.get_all(name).iter().peekable();
        values.peek().is_some().then(|| values.next().is_some_and(|value| value == wanted) && values.next().is_none())
    };
    match (says(header::ORIGIN, ours), says(SEC_FETCH_SITE, "same-origin")) {
        (None, None) => false,
        (origin, site) => origin.unwrap_or(true) && site.unwrap_or(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "https://id.example.com";

    fn passes(headers: &[(&'static str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        is_same_origin(&map, OURS)
    }

    #[test]
    fn our_own_pages_pass() {
        assert!(passes(&[("origin", OURS)]));
        assert!(passes(&[("origin", OURS), ("sec-fetch-site", "same-origin")]));
        assert!(passes(&[("sec-fetch-site", "same-origin")]));
    }

    #[test]
    fn everything_else_does_not() {
        assert!(!passes(&[]));
        for origin in
            ["null", "", "http://id.example.com", "https://id.example.com:8443", "https://id.example.com/", "https://evil.example"]
        {
            assert!(!passes(&[("origin", origin)]), "{origin}");
            assert!(!passes(&[("origin", origin), ("sec-fetch-site", "same-origin")]), "{origin}");
        }
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!passes(&[("sec-fetch-site", site)]), "{site}");
            assert!(!passes(&[("origin", OURS), ("sec-fetch-site", site)]), "{site}");
        }
        assert!(!passes(&[("origin", OURS), ("origin", OURS)]));
    }

    #[test]
    fn only_safe_methods_go_unasked() {
        assert!(![Method::GET, Method::HEAD, Method::OPTIONS].iter().any(|method| must_be_ours(method, "/events")));
        assert!(must_be_ours(&Method::GET, "/events/export.csv") && must_be_ours(&Method::HEAD, "/events/export.jsonl"));
        assert!(
            [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE].iter().all(|method| must_be_ours(method, "/events"))
        );
    }
}
