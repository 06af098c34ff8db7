//! The body of a server function's request: JSON in UTF-8, whole, in time, and no larger than it may be.

use std::sync::Arc;

use axum::body::{Body, BodyDataStream};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use http::{HeaderMap, StatusCode, header};

use crate::Edge;
use crate::http::refusal::Refusal;

/// What is too large is read on up to here without being kept: a connection that is cut while the browser still sends
/// would lose the answer.
const MOST_READ: usize = 16 * 1024 * 1024;

/// The one server function that takes a picture.
const PICTURE: &str = "/api/branding/take-logo";

pub(crate) async fn take(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if !is_json(&parts.headers) {
        let words = "This address takes JSON only.";
        return Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", words).into_response();
    }
    let limit = if parts.uri.path() == PICTURE { edge.limits.picture_size } else { edge.limits.body_size };
    let reading = read(body.into_data_stream(), limit);
    let read = tokio::time::timeout(edge.limits.body, reading).await.unwrap_or(Err(Unreadable::Slow));
    match read {
        Ok(bytes) => {
            // With these a failure would be answered by a redirect to wherever the request says.
            parts.headers.remove(header::ACCEPT);
            parts.headers.remove(header::REFERER);
            next.run(Request::from_parts(parts, Body::from(bytes))).await
        }
        Err(why) => why.refusal().into_response(),
    }
}

pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let Some(Ok(given)) = types.next().map(|given| given.to_str()) else { return false };
    let mut parts = given.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let is_utf8 = |parameter: &str| parameter.eq_ignore_ascii_case("charset=utf-8") || parameter.eq_ignore_ascii_case("charset=\"utf-8\"");
    is_json && parts.all(is_utf8) && types.next().is_none()
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    TooLarge,
    Slow,
    Broken,
    NotText,
}

impl Unreadable {
    /// The status that HTTP has for it, and what happened.
    pub(crate) const fn words(&self) -> (StatusCode, &'static str) {
        match self {
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "This is more than can be taken at once. Nothing has been saved."),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "The request took too long to arrive. Nothing has been saved; try again."),
            Self::Broken | Self::NotText => (StatusCode::BAD_REQUEST, "The body did not arrive whole, or is no text in UTF-8."),
        }
    }

    fn refusal(&self) -> Refusal {
        let (status, words) = self.words();
        match self {
            Self::TooLarge => Refusal::new(status, "too_large", words),
            Self::Slow => Refusal::new(status, "timeout", words),
            Self::Broken | Self::NotText => Refusal::new(status, "bad_request", "This request was not understood. Load the page again."),
        }
    }
}

pub(crate) async fn read(mut body: BodyDataStream, limit: usize) -> Result<String, Unreadable> {
    let (mut bytes, mut size) = (Vec::new(), 0);
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Unreadable::Broken)?;
        size += chunk.len();
        if size <= limit {
            bytes.extend_from_slice(&chunk);
        } else if size > MOST_READ {
            break;
        } else {
            bytes = Vec::new();
        }
    }
    if size > limit { Err(Unreadable::TooLarge) } else { String::from_utf8(bytes).map_err(|_| Unreadable::NotText) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_utf8_is_taken_and_nothing_else() {
        let taken = |types: &[&str]| {
            let mut headers = HeaderMap::new();
            for kind in types {
                headers.append(header::CONTENT_TYPE, kind.parse().unwrap());
            }
            is_json(&headers)
        };
        assert!(taken(&["application/json"]) && taken(&["Application/JSON; charset=utf-8"]));
        for refused in [
            &[][..],
            &[""],
            &["text/plain"],
            &["application/x-www-form-urlencoded"],
            &["multipart/form-data; boundary=x"],
            &["application/json; charset=latin1"],
            &["application/jsonp"],
            &["application/json", "text/plain"],
        ] {
            assert!(!taken(refused), "{refused:?}");
        }
    }

    #[tokio::test]
    async fn the_limit_is_the_last_byte_that_is_taken() {
        let read = async |size: usize| read(Body::from(vec![b'x'; size]).into_data_stream(), 10).await.map(|text| text.len());
        assert_eq!(read(10).await, Ok(10));
        assert_eq!(read(11).await, Err(Unreadable::TooLarge));
        assert_eq!(read(MOST_READ + 1).await, Err(Unreadable::TooLarge));
    }
}
