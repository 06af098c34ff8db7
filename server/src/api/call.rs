//! A request of the management API as its handlers see it: who asks, where, for what, and how the answer is written.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::permission::Permission;
use domain::{IdentityId, RealmId, TenantId};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::Value;
use service::{ApiPage, Context, PageRequest, Place};
use sha2::{Digest as _, Sha256};

use super::bearer::Caller;
use super::error::ApiError;
use super::fields::Fields;
use crate::Edge;

pub(super) type Answer = Result<Response, ApiError>;

/// A request, with whatever of it was not looked at yet.
pub(super) struct Call {
    pub(super) context: Context,
    pub(super) tenant: TenantId,
    params: Vec<(String, String)>,
    /// The act that the address names behind a colon.
    pub(super) verb: Option<String>,
    query: String,
    method: Method,
    headers: HeaderMap,
    body: axum::body::Bytes,
}

impl axum::extract::FromRequest<Arc<Edge>> for Call {
    type Rejection = ApiError;

    /// Refuses a token that does not reach there before it looks at anything else.
    async fn from_request(request: Request, edge: &Arc<Edge>) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let mut params = params(&mut parts, edge).await?;
        let verb = super::takes::verb(parts.uri.path()).map(str::to_owned);
        if let (Some(verb), Some((_, text))) = (&verb, params.last_mut())
            && let Some(name) = text.strip_suffix(&format!(":{verb}"))
        {
            *text = name.to_owned();
        }
        let State(_) = State::<Arc<Edge>>::from_request_parts(&mut parts, edge).await.unwrap_or_else(|never| match never {});
        let Some(Caller(context)) = parts.extensions.remove::<Caller>() else { return Err(ApiError::unauthorized()) };
        let (tenant, context) = placed(&context, &params).await?;
        let body = super::body::whole(&parts.headers, body, edge).await?;
        let query = parts.uri.query().unwrap_or_default().to_owned();
        Ok(Self { context, tenant, params, verb, query, method: parts.method, headers: parts.headers, body })
    }
}

async fn params(parts: &mut Parts, edge: &Arc<Edge>) -> Result<Vec<(String, String)>, ApiError> {
    let params = RawPathParams::from_request_parts(parts, edge).await.map_err(|_| ApiError::not_found())?;
    Ok(params.iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect())
}

/// The request's context where its address says that it acts.
async fn placed(context: &Context, params: &[(String, String)]) -> Result<(TenantId, Context), ApiError> {
    let find = |name: &str| params.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
    let tenant: TenantId = find("tenant_id").and_then(|text| text.parse().ok()).ok_or_else(ApiError::not_found)?;
    let place = match find("realm_id").map(str::parse::<RealmId>) {
        None => Place::Tenant(tenant),
        Some(Ok(realm)) => Place::Realm(tenant, realm),
        Some(Err(_)) => return Err(ApiError::not_found()),
    };
    match context.at(place).await {
        Err(service::Error::NotFound(_)) => Err(ApiError::no("Realm", find("realm_id").unwrap_or_default())),
        placed => Ok((tenant, placed?)),
    }
}

impl Call {
    /// Refuses who may not do this.
    pub(super) fn need(&self, permission: Permission) -> Result<(), ApiError> {
        Ok(self.context.need(permission)?)
    }

    pub(super) fn realm(&self) -> RealmId {
        // Whoever is placed has one.
        self.context.realm().unwrap_or(RealmId::from_i64(1))
    }

    /// What the address has under this name.
    pub(super) fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// An id in the address. What is none names nothing.
    pub(super) fn id<Id: FromStr>(&self, name: &str, resource: &str) -> Result<Id, ApiError> {
        let text = self.param(name);
        text.parse().map_err(|_| ApiError::no(resource, &text.chars().take(64).collect::<String>()))
    }

    /// An identity in the address, or `-` for every one.
    pub(super) fn identity_or_all(&self) -> Result<Option<IdentityId>, ApiError> {
        if self.param("identity_id") == "-" { Ok(None) } else { self.id("identity_id", "Identity").map(Some) }
    }

    /// Says of what is not there which it was.
    pub(super) fn named<T>(&self, resource: &str, param: &str, outcome: service::Result<T>) -> Result<T, ApiError> {
        outcome.map_err(|error| match error {
            service::Error::NotFound(_) => ApiError::no(resource, self.param(param)),
            error => error.into(),
        })
    }

    /// Which page of a list is asked for.
    pub(super) fn page(&self) -> Result<PageRequest, ApiError> {
        let mut request = PageRequest::default();
        for (name, value) in url::form_urlencoded::parse(self.query.as_bytes()) {
            let place = match name.as_ref() {
                "filter" => &mut request.filter,
                "page_size" => &mut request.page_size,
                "page_token" => &mut request.page_token,
                "skip" => &mut request.skip,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(ApiError::fields(vec![domain::FieldError::new(name, "This is there twice. Say it once.")]));
            }
        }
        Ok(request)
    }

    /// The body: what is in its wrapper, where it has one.
    pub(super) fn fields(&self, wrapper: Option<&'static str>) -> Result<Fields, ApiError> {
        Fields::read(&self.body, wrapper)
    }

    /// Refuses where the client says what it has read, and that is not how it is.
    pub(super) fn agree(&self, current: &Value) -> Result<(), ApiError> {
        let mut given = self.headers.get_all(header::IF_MATCH).iter().peekable();
        if given.peek().is_none() {
            return Ok(());
        }
        let tag = tag(&current.to_string());
        let mut tags = given.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).map(str::trim);
        if tags.any(|given| given == "*" || given == tag) { Ok(()) } else { Err(ApiError::changed()) }
    }

    /// A single resource, with the tag of how it is; nothing but the tag where the client has it already.
    pub(super) fn resource(&self, value: &Value) -> Answer {
        let text = value.to_string();
        let tag = tag(&text);
        let known = self.headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let mut known = known.flat_map(|value| value.split(',')).map(|given| given.trim().trim_start_matches("W/"));
        let etag = HeaderValue::try_from(&tag).map_err(|_| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"))?;
        if matches!(self.method, Method::GET | Method::HEAD) && known.any(|given| given == tag || given == "*") {
            return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
        }
        let mut response = json(text);
        response.headers_mut().insert(header::ETAG, etag);
        Ok(response)
    }
}

/// A page of a list.
pub(super) fn listed<T>(name: &str, page: ApiPage<T>, wire: impl Fn(&T) -> Value) -> Response {
    listed_with(name, page, wire, &[])
}

/// The same with more counts than how many there are.
pub(super) fn listed_with<T>(name: &str, page: ApiPage<T>, wire: impl Fn(&T) -> Value, counts: &[(&str, u64)]) -> Response {
    let mut body = serde_json::Map::new();
    body.insert(name.to_owned(), page.items.iter().map(wire).collect());
    body.insert("total_size".to_owned(), page.total_size.into());
    body.extend(counts.iter().map(|(name, count)| ((*name).to_owned(), Value::from(*count))));
    if let Some(token) = page.next_page_token {
        body.insert("next_page_token".to_owned(), token.into());
    }
    json(Value::Object(body).to_string())
}

/// JSON as it is.
pub(super) fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}

/// Nothing to say: it is done.
pub(super) fn done() -> Response {
    StatusCode::OK.into_response()
}

/// A strong tag of a representation (RFC 9110, §8.8.3).
fn tag(text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..15]))
}
