//! A request from its first step to its last: its id, its line in the log, and the refusal that it may end in.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use service::Randomness;
use tracing::Instrument as _;

use crate::http::refusal::{self, Reader};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The name of a request in logs, events and answers. Made here: whatever a client says is not taken over.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

impl RequestId {
    fn new() -> Self {
        let random = Randomness::System.bytes();
        Self(format!("{:016x}", u64::from_be_bytes(random.as_chunks().0[0])))
    }
}

/// The outermost layer. The log names the route, never the address itself: addresses hold links and searches.
pub(crate) async fn accompany(mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = RequestId::new();
    let reader = reader_of(request.uri().path());
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    let span = tracing::info_span!("request", id = id.0, method = %request.method(), route);
    let is_probe = matches!(route, "/healthz" | "/readyz");
    request.extensions_mut().insert(id.clone());

    let response = next.run(request).instrument(span.clone()).await;
    let mut response = refusal::render(response, reader, &id.0);
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    let (status, micros) = (response.status().as_u16(), start.elapsed().as_micros());
    span.in_scope(|| if is_probe { tracing::debug!(status, micros, "answered") } else { tracing::info!(status, micros, "answered") });
    response
}

fn reader_of(path: &str) -> Reader {
    match path {
        "/live" => Reader::Page,
        _ if path.starts_with("/api/") => Reader::Page,
        _ if path.starts_with("/v1/") => Reader::Client,
        _ => Reader::Person,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    #[test]
    fn ids_are_sixteen_hex_digits_and_differ() {
        let (a, b) = (RequestId::new().0, RequestId::new().0);
        assert!(a.len() == 16 && a.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(a, b);
    }

    #[tokio::test]
    async fn a_panic_is_refused_without_its_words() {
        let panics = get(async || -> &'static str { panic!("the inside") });
        let router = Router::new().route("/api/x", panics.clone()).route("/x", panics);
        let router = router.layer(refusal::panics()).layer(from_fn(accompany));
        for (path, content_type) in [("/api/x", "application/json"), ("/x", "text/plain; charset=utf-8")] {
            let response = router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (500, &HeaderValue::from_static(content_type)));
            let id = response.headers()[X_REQUEST_ID].to_str().unwrap().to_owned();
            let text = String::from_utf8(to_bytes(response.into_body(), 10_000).await.unwrap().to_vec()).unwrap();
            assert!(text.contains("Try again in a moment.") && text.contains(&id) && !text.contains("inside"), "{text}");
        }
    }
}
