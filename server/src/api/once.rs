//! `Idempotency-Key`: a POST that is sent again is answered as the first time, and done once.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use service::{Claim, Context};

use super::bearer::Caller;
use super::error::ApiError;
use crate::Edge;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// No answer to a POST is longer.
const MOST: usize = 4 * 1024 * 1024;

pub(super) async fn repeat(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let key = request.headers().get(IDEMPOTENCY_KEY).cloned();
    let caller = request.extensions().get::<Caller>().cloned();
    match (key, caller) {
        (Some(key), Some(Caller(context))) if request.method() == Method::POST => {
            keyed(&edge, &context, &key, request, next).await.unwrap_or_else(ApiError::into_response)
        }
        _ => next.run(request).await,
    }
}

async fn keyed(edge: &Arc<Edge>, context: &Context, key: &HeaderValue, request: Request, next: Next) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let body = super::body::text(body, edge).await?;
    // What is no text is no key either.
    let key = key.to_str().unwrap_or_default();
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str()).to_owned();
    match context.once(key, &[address.as_bytes(), &body]).await? {
        Claim::Again(answer) => Ok(super::call::json(String::from_utf8(answer).unwrap_or_default())),
        Claim::Take(context) => {
            parts.extensions.insert(Caller((*context).clone()));
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            parts.headers.remove(header::TRANSFER_ENCODING);
            let response = next.run(Request::from_parts(parts, Body::from(body))).await;
            keep(&context, response).await
        }
    }
}

/// Keeps the answer of what was done; what was refused may be put right and sent again under the same key.
async fn keep(context: &Context, response: Response) -> Result<Response, ApiError> {
    if response.status() != StatusCode::OK {
        context.answered(None).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, MOST).await;
    let body = body.map_err(|_| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "Keyroll could not do this just now."))?;
    context.answered(Some(&body)).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}
