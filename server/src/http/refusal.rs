//! Refusals: what the edge answers itself when a request goes no further.

use std::any::Any;

use app::error::AppError;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;

use crate::api::error::ApiError;

/// Who reads an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A line of text is shown.
    Person,
    /// A page of ours reads what server functions answer.
    Page,
    /// A client of the management API.
    Client,
}

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

    fn body(self, reader: Reader, request_id: &str) -> (HeaderValue, Body) {
        let Self { status, code, words } = self;
        let json = HeaderValue::from_static("application/json");
        match reader {
            Reader::Person => {
                (HeaderValue::from_static("text/plain; charset=utf-8"), Body::from(format!("{words}\n\nRequest {request_id}\n")))
            }
            Reader::Page => {
                let error = AppError { code: code.to_owned(), words, fields: Vec::new(), request_id: request_id.to_owned() };
                // An error is texts only, which can always be written.
                (json, Body::from(serde_json::to_vec(&error).unwrap_or_default()))
            }
            Reader::Client => (json, Body::from(ApiError::new(status, words).body().to_string())),
        }
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
pub(crate) fn render(mut response: Response, reader: Reader, request_id: &str) -> Response {
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let (content_type, body) = refusal.body(reader, request_id);
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = body;
    }
    response
}
