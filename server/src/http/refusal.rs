//! Refusals: what the edge answers itself when a request goes no further.

use std::any::Any;

use app::error::AppError;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;

/// A code for programs and words for people. It becomes a body on its way out, where the request's id is known.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    words: String,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, words: impl Into<String>) -> Self {
        Self { status, code, words: words.into() }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This address does not take requests of this kind.")
    }

    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Keyroll could not do this just now. Try again in a moment.")
    }

    /// Programs get what server functions answer, people a line of text.
    fn body(self, for_program: bool, request_id: &str) -> (HeaderValue, Body) {
        let Self { code, words, .. } = self;
        if !for_program {
            return (HeaderValue::from_static("text/plain; charset=utf-8"), Body::from(format!("{words}\n\nRequest {request_id}\n")));
        }
        let error = AppError { code: code.to_owned(), words, fields: Vec::new(), request_id: request_id.to_owned() };
        // An error is texts only, which can always be written.
        (HeaderValue::from_static("application/json"), Body::from(serde_json::to_vec(&error).unwrap_or_default()))
    }
}

impl From<service::Error> for Refusal {
    /// The source goes to the log, the words to the browser.
    fn from(error: service::Error) -> Self {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            tracing::error!(error = &error as &dyn std::error::Error, "a request could not be served");
        }
        Self::new(status, error.code(), error.words())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Answers a panic, which goes to the log, like anything else that went wrong inside.
pub(crate) fn panics() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|_| Refusal::internal().into_response())
}

/// Writes the body of a refusal, where the answer is one.
pub(crate) fn render(mut response: Response, for_program: bool, request_id: &str) -> Response {
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let (content_type, body) = refusal.body(for_program, request_id);
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = body;
    }
    response
}
