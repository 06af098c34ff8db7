//! What each address takes, by the table of operations. A verb behind a colon belongs to the address, and is the one part
//! of it that the router does not see.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, header};

use super::error::ApiError;
use super::operations::OPERATIONS;

/// The methods of each address.
static TAKEN: LazyLock<BTreeMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut taken = BTreeMap::<String, Vec<_>>::new();
    for operation in OPERATIONS {
        let methods = taken.entry(operation.path()).or_default();
        methods.push(operation.method);
        // Who may read may ask for the head alone (RFC 9110, §9.3.2).
        if operation.method == "GET" {
            methods.push("HEAD");
        }
    }
    taken
});

/// Refuses what the address does not take, and says what it does (RFC 9110, §15.5.6).
pub(super) async fn only_what_is_taken(route: MatchedPath, request: Request, next: Next) -> Response {
    match refused(&address(route.as_str(), request.uri().path()), request.method()) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    }
}

/// The same for a method that the router has no way for at all.
pub(super) async fn not_taken(route: MatchedPath, request: Request) -> Response {
    let refusal = refused(&address(route.as_str(), request.uri().path()), request.method());
    std::future::ready(refusal.unwrap_or_else(|| ApiError::method_not_allowed().into_response())).await
}

/// The address as the table has it.
fn address(route: &str, path: &str) -> String {
    match verb(path) {
        Some(verb) if route.ends_with('}') => format!("{route}:{verb}"),
        _ => route.to_owned(),
    }
}

/// What follows the colon of the path's last part: an act that is none of HTTP's methods.
pub(super) fn verb(path: &str) -> Option<&str> {
    path.rsplit('/').next()?.split_once(':').map(|(_, verb)| verb)
}

fn refused(address: &str, method: &Method) -> Option<Response> {
    let Some(taken) = TAKEN.get(address) else { return Some(ApiError::not_found().into_response()) };
    if taken.contains(&method.as_str()) {
        return None;
    }
    let mut response = ApiError::method_not_allowed().into_response();
    if let Ok(methods) = HeaderValue::try_from(taken.join(", ")) {
        response.headers_mut().insert(header::ALLOW, methods);
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: &str = "/v1/tenants/{tenant_id}/realms/{realm_id}/groups/{group_id}";

    fn asked(path: &str, method: &Method) -> Option<(u16, Option<String>)> {
        let refusal = refused(&address(GROUP, path), method)?;
        let allow = refusal.headers().get(header::ALLOW).map(|value| value.to_str().unwrap().to_owned());
        Some((refusal.status().as_u16(), allow))
    }

    #[test]
    fn an_address_takes_what_the_table_says() {
        assert_eq!(asked("/v1/tenants/1/realms/2/groups/3", &Method::PATCH), None);
        assert_eq!(asked("/v1/tenants/1/realms/2/groups/3", &Method::HEAD), None);
        assert_eq!(asked("/v1/tenants/1/realms/2/groups/3:addMembers", &Method::POST), None);
        assert_eq!(asked("/v1/tenants/1/realms/2/groups/3:listMembers", &Method::GET), None);
    }

    #[test]
    fn what_it_does_not_take_is_refused_with_what_it_does() {
        let allow = |methods: &str| Some((405, Some(methods.to_owned())));
        assert_eq!(asked("/v1/tenants/1/realms/2/groups/3", &Method::OPTIONS), allow("GET, HEAD, PATCH, DELETE"));
        assert_eq!(asked("/v1/tenants/1/realms/2/groups/3", &Method::POST), allow("GET, HEAD, PATCH, DELETE"));
        assert_eq!(asked("/v1/tenants/1/realms/2/groups/3:addMembers", &Method::DELETE), allow("POST"));
        assert_eq!(asked("/v1/tenants/1/realms/2/groups/3:listMembers", &Method::PATCH), allow("GET, HEAD"));
    }

    #[test]
    fn a_verb_that_there_is_not_is_no_address() {
        for verb in [":", ":nothing", ":addmembers", ":addMembers:", ":revoke"] {
            assert_eq!(asked(&format!("/v1/tenants/1/realms/2/groups/3{verb}"), &Method::POST), Some((404, None)), "{verb}");
        }
    }
}
