//! Who calls: the token in the `Authorization` header (RFC 6750, §2.1), looked up once a request, and how many requests
//! it has left.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::time::Span;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use service::{Context, Pace, RequestInfo};

use super::error::ApiError;
use super::pace::{Left, Paces};
use crate::Edge;
use crate::http::session::info;

/// The context of the token that a request came with.
#[derive(Clone)]
pub(super) struct Caller(pub(super) Context);

pub(super) async fn recognize(
    State(edge): State<Arc<Edge>>,
    Extension(paces): Extension<Arc<Paces>>,
    mut request: Request,
    next: Next,
) -> Response {
    let (token, info) = (token(request.headers()).map(str::to_owned), info(&request, edge.trust_proxy));
    match called(&edge, token, info).await {
        Err(error) => error.into_response(),
        Ok(context) => {
            let Some(pace) = context.pace() else { return ApiError::unauthorized().into_response() };
            paced(&edge, &paces, pace, async || {
                request.extensions_mut().insert(Caller(context));
                next.run(request).await
            })
            .await
        }
    }
}

/// Answers as long as there are requests left, and says how many.
pub(super) async fn paced(edge: &Edge, paces: &Paces, whose: Pace, answer: impl AsyncFnOnce() -> Response) -> Response {
    let left = paces.take(whose, edge.keyroll.now());
    let mut response = match left.free_in {
        Some(wait) => too_many(wait),
        None => answer().await,
    };
    say(response.headers_mut(), left);
    response
}

async fn called(edge: &Edge, token: Option<String>, info: RequestInfo) -> Result<Context, ApiError> {
    let token = token.ok_or_else(ApiError::unauthorized)?;
    edge.keyroll.context_for_token(&token, info).await?.ok_or_else(ApiError::unauthorized)
}

/// The one token of a request.
fn token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok().filter(|_| values.next().is_none())?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 64).then_some(token)
}

fn too_many(wait: Span) -> Response {
    let seconds = seconds(wait).max(1);
    let words = format!("There were too many requests. Wait {seconds} s, then go on.");
    let mut response = ApiError::new(StatusCode::TOO_MANY_REQUESTS, words).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Whole seconds, rounded up.
fn seconds(span: Span) -> u64 {
    span.micros().unsigned_abs().div_ceil(1_000_000)
}

fn say(headers: &mut HeaderMap, left: Left) {
    for (name, number) in [
        (HeaderName::from_static("ratelimit-limit"), u64::from(left.limit)),
        (HeaderName::from_static("ratelimit-remaining"), u64::from(left.remaining)),
        (HeaderName::from_static("ratelimit-reset"), seconds(left.full_in)),
    ] {
        headers.insert(name, HeaderValue::from(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_one_of_its_scheme() {
        let token = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().unwrap());
            }
            token(&headers).map(str::to_owned)
        };
        assert_eq!(token(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(token(&["bearer abc"]).as_deref(), Some("abc"));
        let long = format!("Bearer {}", "x".repeat(65));
        for none in [&[][..], &[""], &["Bearer"], &["Bearer "], &["Basic abc"], &["abc"], &["Bearer abc", "Bearer abc"], &[long.as_str()]] {
            assert_eq!(token(none), None, "{none:?}");
        }
    }
}
