//! The body of a request: JSON in UTF-8, whole, in time, and no larger than it may be.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use http::{HeaderMap, StatusCode, header};

use super::error::ApiError;
use crate::Edge;
use crate::http::body::{Unreadable, is_json, read};

/// Reads it. A request without one need not say what it is.
pub(super) async fn whole(headers: &HeaderMap, body: Body, edge: &Arc<Edge>) -> Result<Bytes, ApiError> {
    let has_none =
        headers.get(header::CONTENT_LENGTH).is_none_or(|length| length == "0") && !headers.contains_key(header::TRANSFER_ENCODING);
    if has_none {
        return Ok(Bytes::new());
    }
    if !is_json(headers) {
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "This address takes JSON only: “Content-Type: application/json”."));
    }
    text(body, edge).await
}

/// Reads a body whatever it is.
pub(super) async fn text(body: Body, edge: &Arc<Edge>) -> Result<Bytes, ApiError> {
    let reading = read(body.into_data_stream(), edge.limits.picture_size);
    let read = tokio::time::timeout(edge.limits.body, reading).await.unwrap_or(Err(Unreadable::Slow));
    read.map(Bytes::from).map_err(|why| {
        let (status, words) = why.words();
        ApiError::new(status, words)
    })
}
