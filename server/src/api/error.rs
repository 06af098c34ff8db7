//! Refusals of the management API: a code, words, and what exactly they are about. Never the inside.

use axum::response::{IntoResponse, Response};
use domain::FieldError;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use service::{Error, LinkError};

/// What a refused request is answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApiError {
    status: StatusCode,
    message: String,
    details: Vec<Value>,
    retry_after: Option<u64>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), details: Vec::new(), retry_after: None }
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "There is no valid token with this request. Send one as “Authorization: Bearer …”.")
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This address does not take requests of this kind.")
    }

    /// Somebody changed it since it was read (RFC 9110, §13.1.1).
    pub(super) fn changed() -> Self {
        let words = "It was changed since you read it, so nothing was done. Read it again, and decide anew.";
        Self::new(StatusCode::PRECONDITION_FAILED, words)
    }

    /// A resource that is not there, or is another realm's: which of both is not told.
    pub(super) fn no(resource: &str, id: &str) -> Self {
        let words = resource.chars().fold(String::new(), |mut words, letter| {
            if letter.is_uppercase() && !words.is_empty() {
                words.push(' ');
            }
            words.extend(letter.to_lowercase());
            words
        });
        let detail = json!({ "type": "ResourceInfo", "resource_type": resource, "id": id, "description": format!("{words} not found") });
        Self { details: vec![detail], ..Self::new(StatusCode::NOT_FOUND, format!("{words} not found")) }
    }

    /// Fields that do not hold, each named from the body's top.
    pub(super) fn fields(errors: Vec<FieldError>) -> Self {
        let violations: Vec<_> = errors.into_iter().map(|error| json!({ "field": error.field, "description": error.message })).collect();
        let detail = json!({ "type": "FieldViolations", "field_violations": violations });
        let words = "The request cannot be taken as it is: see what is said about its fields.";
        Self { details: vec![detail], ..Self::new(StatusCode::BAD_REQUEST, words) }
    }

    /// The same, where something is not there: which it was.
    pub(super) fn of(self, resource: &str, id: &str) -> Self {
        if self.status == StatusCode::NOT_FOUND { Self::no(resource, id) } else { self }
    }

    /// The same, its fields named from the top of a body that wraps them; some may be named so already.
    pub(super) fn under(mut self, wrapper: &str) -> Self {
        let top = format!("{wrapper}.");
        let violations = self.details.iter_mut().filter_map(|detail| detail.get_mut("field_violations")?.as_array_mut()).flatten();
        for field in violations.filter_map(|violation| violation.get_mut("field")) {
            if let Value::String(name) = field
                && !name.starts_with(&top)
            {
                name.insert_str(0, &top);
            }
        }
        self
    }

    /// How a status is called.
    pub(crate) fn code_of(status: StatusCode) -> &'static str {
        match status.as_u16() {
            401 => "unauthorized",
            403 => "forbidden",
            404 | 410 => "not_found",
            409 | 412 => "conflict",
            422 => "unprocessable_entity",
            429 => "too_many_requests",
            500.. => "internal",
            _ => "bad_request",
        }
    }

    pub(crate) fn body(&self) -> Value {
        json!({ "code": Self::code_of(self.status), "message": self.message, "details": self.details })
    }
}

impl From<Error> for ApiError {
    /// The source goes to the log, the words to the client.
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::Invalid(_) => StatusCode::BAD_REQUEST,
            Error::Link(LinkError::Ended(_)) => StatusCode::CONFLICT,
            Error::MailServer(_) => StatusCode::SERVICE_UNAVAILABLE,
            error => StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        };
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(error = &error as &dyn std::error::Error, "a request could not be served");
        }
        match error {
            Error::SignedOut => Self::unauthorized(),
            Error::Forbidden => Self::new(status, "The token does not allow this: its realm, its scopes or its addresses do not cover it."),
            Error::NotFound(what) => Self::no(&resource(what), ""),
            Error::NoIdentity(id) => Self::no("Identity", &id.to_string()),
            Error::Invalid(errors) => taken(&errors).unwrap_or_else(|| Self::fields(errors)),
            Error::GroupHasMembers(_) => Self::new(status, "group has children"),
            Error::NoAddress => Self::new(status, "Identity missing email address"),
            error => Self { retry_after: error.retry_after(), ..Self::new(status, error.words()) },
        }
    }
}

/// A name that somebody else has is a conflict, not a malformed request.
fn taken(errors: &[FieldError]) -> Option<ApiError> {
    let [error] = errors else { return None };
    let message = match (error.field.as_str(), error.message.as_str()) {
        ("username", words) if words.contains("taken") => "username already exists",
        ("display_name", words) if words.contains("exists already") => "display_name already exists",
        _ => return None,
    };
    Some(ApiError::new(StatusCode::CONFLICT, message))
}

/// "binding job" as the wire has it: `BindingJob`.
fn resource(words: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    words.split(' ').map(capital).collect()
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = self.body().to_string();
        let mut response = (self.status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
