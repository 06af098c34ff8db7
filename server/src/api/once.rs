//! `Idempotency-Key`: a POST that is sent again is answered as the first time, and done once.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use service::{Claim, Context};
use tracing::Instrument as _;

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
        Claim::Again(answer) => Ok(Kept::read(answer).into_response()),
        Claim::Take(context) => {
            parts.extensions.insert(Caller((*context).clone()));
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            parts.headers.remove(header::TRANSFER_ENCODING);
            let done = async move {
                let response = next.run(Request::from_parts(parts, Body::from(body))).await;
                keep(&context, response).await
            };
            // Whoever hangs up meanwhile asks again for what was answered: it is done and kept to its end without them.
            tokio::spawn(done.in_current_span()).await.unwrap_or_else(|_| Err(failed()))
        }
    }
}

/// An answer as it is kept: the tag of the resource, where it has one, a line feed, and the body.
struct Kept {
    tag: Vec<u8>,
    body: Vec<u8>,
}

impl Kept {
    fn read(mut answer: Vec<u8>) -> Self {
        let end = answer.iter().position(|byte| *byte == b'\n');
        let body = end.map_or_else(Vec::new, |end| answer.split_off(end + 1));
        answer.truncate(end.unwrap_or(0));
        Self { tag: answer, body }
    }

    fn written(&self) -> Vec<u8> {
        [self.tag.as_slice(), b"\n", &self.body].concat()
    }

    fn into_response(self) -> Response {
        if self.body.is_empty() {
            return super::call::done();
        }
        let mut response = super::call::json(String::from_utf8(self.body).unwrap_or_default());
        if let Some(tag) = HeaderValue::from_bytes(&self.tag).ok().filter(|tag| !tag.is_empty()) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

fn failed() -> ApiError {
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "Keyroll could not do this just now. Send it again in a moment.")
}

/// Keeps the answer of what was done; what was refused may be put right and sent again under the same key.
async fn keep(context: &Context, response: Response) -> Result<Response, ApiError> {
    if response.status() != StatusCode::OK {
        context.answered(None).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, MOST).await.map_err(|_| failed())?;
    let tag = parts.headers.get(header::ETAG).map(|tag| tag.as_bytes().to_vec()).unwrap_or_default();
    context.answered(Some(&Kept { tag, body: body.to_vec() }.written())).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_is_given_again_as_it_was() {
        let answer = crate::api::call::json("{}".to_owned());
        let with_tag = |tag: &str, body: &str| Kept { tag: tag.into(), body: body.into() };
        for kept in [with_tag("\"tag\"", "{\"a\":\n1}"), with_tag("", "{}"), with_tag("", "")] {
            let again = Kept::read(kept.written());
            assert_eq!((&again.tag, &again.body), (&kept.tag, &kept.body));
        }
        let tagged = with_tag("\"tag\"", "{}").into_response();
        assert_eq!(tagged.headers().get(header::ETAG).unwrap(), "\"tag\"");
        assert_eq!(tagged.headers().get(header::CONTENT_TYPE), answer.headers().get(header::CONTENT_TYPE));
        let empty = with_tag("", "").into_response();
        assert_eq!((empty.status(), empty.headers().get(header::CONTENT_TYPE)), (StatusCode::OK, None));
    }
}
