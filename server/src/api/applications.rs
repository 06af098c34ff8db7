//! `R/applications/{application_id}`: tokens for an application's secret (RFC 6749, §4.4), and those that were handed out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::permission::Permission as P;
use domain::token::Scopes;
use domain::{ApplicationId, TokenId};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;
use service::{ClientError, Issued, Pace};

use super::bearer;
use super::call::{Answer, Call, done, listed};
use super::error::ApiError;
use super::identities::of;
use super::pace::Paces;
use super::wire;
use crate::Edge;
use crate::http::session::info;

pub(super) async fn tokens(call: Call) -> Answer {
    call.need(P::TokensRead)?;
    let page = call.context.page_of_client_tokens(id(&call)?, &call.page()?).await;
    let page = call.named("Application", "application_id", page)?;
    Ok(listed("tokens", page, |token| wire::token(of(&call), token)))
}

pub(super) async fn revoke(call: Call) -> Answer {
    call.need(P::TokensDelete)?;
    let token: TokenId = call.id("token_id", "Token")?;
    let revoked = call.context.revoke_client_token(id(&call)?, token).await;
    call.named("Token", "token_id", revoked)?;
    Ok(done())
}

fn id(call: &Call) -> Result<ApplicationId, ApiError> {
    call.id("application_id", "Application")
}

/// What RFC 6749 (§5.2) calls a refusal.
struct Refused(StatusCode, &'static str, &'static str);

const INVALID_REQUEST: Refused =
    Refused(StatusCode::BAD_REQUEST, "invalid_request", "Send a form with grant_type=client_credentials, each parameter once.");
const UNSUPPORTED_GRANT: Refused = Refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", "The one grant is client_credentials.");
const INVALID_SCOPE: Refused = Refused(StatusCode::BAD_REQUEST, "invalid_scope", "A scope is unknown, or more than the application has.");
const INVALID_CLIENT: Refused = Refused(StatusCode::UNAUTHORIZED, "invalid_client", "Send the client id and its secret with HTTP Basic.");

impl Refused {
    fn into_response(self) -> Response {
        let Self(status, error, words) = self;
        let mut response = super::call::json(json!({ "error": error, "error_description": words }).to_string());
        *response.status_mut() = status;
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Keyroll\", charset=\"UTF-8\""));
        }
        response
    }
}

/// `POST R/applications/{application_id}/token`
pub(super) async fn token(
    State(edge): State<Arc<Edge>>,
    Extension(paces): Extension<Arc<Paces>>,
    Path((tenant, realm, application)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    granted(&edge, &paces, (&tenant, &realm, &application), request).await.unwrap_or_else(|response| response)
}

async fn granted(
    edge: &Arc<Edge>,
    paces: &Paces,
    (tenant, realm, application): (&str, &str, &str),
    request: Request,
) -> Result<Response, Response> {
    let info = info(&request, edge.trust_proxy);
    let (parts, body) = request.into_parts();
    let body = super::body::text(body, edge).await.map_err(ApiError::into_response)?;
    let client = basic(&parts.headers).ok_or_else(|| INVALID_CLIENT.into_response())?;
    let form = Form::read(&parts.headers, &body).ok_or_else(|| INVALID_REQUEST.into_response())?;
    if form.grant_type != "client_credentials" {
        return Err(UNSUPPORTED_GRANT.into_response());
    }
    let place = (tenant.parse(), realm.parse(), application.parse());
    // What is no id is nobody's application.
    let (Ok(tenant), Ok(realm), Ok(application)) = place else { return Err(INVALID_CLIENT.into_response()) };
    let credentials = (client.0.as_str(), client.1.as_str());
    // Nobody waits, and nothing is counted against the application, for whoever does not know its secret.
    edge.keyroll.check_client(tenant, realm, application, credentials).await.map_err(refused)?;
    let answer = bearer::paced(edge, paces, Pace::Application(application), async || {
        let issued = edge.keyroll.issue_token(tenant, realm, application, credentials, form.scope.as_deref(), info).await;
        issued.map_or_else(refused, |issued| handed_out(&issued))
    });
    Ok(answer.await)
}

fn refused(error: ClientError) -> Response {
    match error {
        ClientError::InvalidClient => INVALID_CLIENT.into_response(),
        ClientError::InvalidScope => INVALID_SCOPE.into_response(),
        ClientError::Failed(error) => ApiError::from(error).into_response(),
    }
}

/// RFC 6749, §5.1.
fn handed_out(issued: &Issued) -> Response {
    let body = json!({
        "access_token": issued.access_token.reveal(), "token_type": "Bearer",
        "expires_in": issued.lifetime.micros() / 1_000_000, "scope": Scopes::written(issued.scopes),
    });
    super::call::json(body.to_string())
}

/// Client id and secret, each as a form has it (RFC 6749, §2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok().filter(|_| values.next().is_none())?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (id, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))?;
    Some((id, secret))
}

struct Form {
    grant_type: String,
    scope: Option<String>,
}

impl Form {
    /// A form that says what kind of grant it wants, and nothing twice that it says.
    fn read(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?.split(';').next()?.trim().to_owned();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return None;
        }
        let (mut grant_type, mut scope) = (None, None);
        for (name, value) in url::form_urlencoded::parse(body) {
            let place = match name.as_ref() {
                "grant_type" => &mut grant_type,
                "scope" => &mut scope,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        let scope = scope.filter(|scope| !scope.trim().is_empty());
        grant_type.filter(|grant: &String| !grant.is_empty()).map(|grant_type| Self { grant_type, scope })
    }
}
