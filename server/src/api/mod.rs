//! The management API, version 1: every address below `/v1`, thin on the use cases. One file a resource.

mod applications;
mod batches;
mod bearer;
mod body;
mod call;
mod credentials;
mod docs;
pub(crate) mod error;
mod fields;
mod groups;
mod identities;
mod invoke;
mod json;
mod once;
pub(crate) mod openapi;
mod operations;
mod pace;
mod sample;
mod takes;
mod tenants;
mod terms;
mod themes;
mod wire;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Extension, Router};

use self::call::{Answer, Call};
use self::error::ApiError;
use self::pace::Paces;
use crate::Edge;

pub(crate) use openapi::text as description;
pub(crate) use wire::time;

const TENANT: &str = "/v1/tenants/{tenant_id}";
const REALM: &str = "/v1/tenants/{tenant_id}/realms/{realm_id}";
const IDENTITIES: &str = "/v1/tenants/{tenant_id}/realms/{realm_id}/identities";

/// Everything below `/v1`, and the page that tells of it.
pub(crate) fn router(edge: &Arc<Edge>) -> Router<Arc<Edge>> {
    let paces = Arc::new(Paces::new(edge.limits.api_rate));
    let with_token = tenants()
        .merge(directory())
        .merge(passkeys())
        .merge(look())
        .layer(from_fn_with_state(edge.clone(), once::repeat))
        .layer(from_fn_with_state(edge.clone(), bearer::recognize))
        .layer(from_fn(takes::only_what_is_taken))
        .layer(from_fn(follow_link));
    // Those with a token, and the one that makes tokens.
    Router::new()
        .merge(with_token)
        .route(&format!("{REALM}/applications/{{application_id}}/token"), post(applications::token))
        .layer(Extension(paces))
        .route("/v1/openapi.json", get(async || openapi::document()))
        .route("/docs/api", get(async |State(edge): State<Arc<Edge>>| docs::page(&edge)))
        .route("/v1/{*unknown}", any(async || ApiError::not_found()))
        .method_not_allowed_fallback(takes::not_taken)
}

fn tenants() -> Router<Arc<Edge>> {
    Router::new()
        .route(TENANT, get(tenants::tenant).patch(tenants::update_tenant))
        .route(&format!("{TENANT}/realms"), get(tenants::realms).post(tenants::create_realm))
        .route(REALM, get(tenants::realm).patch(tenants::update_realm).delete(tenants::delete_realm))
}

fn directory() -> Router<Arc<Edge>> {
    Router::new()
        .route(IDENTITIES, get(identities::list).post(identities::create))
        .route(&format!("{IDENTITIES}:batchDelete"), post(identities::batch_delete))
        .route(&format!("{IDENTITIES}/{{identity_id}}"), get(identity).patch(identities::update).delete(identities::delete))
        .route(&format!("{REALM}/groups"), get(groups::list).post(groups::create))
        .route(&format!("{REALM}/groups/{{group_id}}"), get(group).post(group_act).patch(groups::update).delete(groups::delete))
}

fn passkeys() -> Router<Arc<Edge>> {
    let of = |kind: &str| format!("{IDENTITIES}/{{identity_id}}/{kind}");
    Router::new()
        .route(&of("credentials"), get(credentials::list))
        .route(&of("credentials/{credential_id}"), get(credentials::get).post(credential_act))
        .route(&of("credential-binding-jobs"), get(credentials::jobs).post(credentials::create_job))
        .route(&of("credential-binding-jobs/{job_id}"), get(credentials::job).post(job_act))
        .route(&format!("{REALM}/batch-credential-binding-jobs"), post(batches::create))
        .route(&format!("{REALM}/batch-credential-binding-jobs/{{batch_id}}"), get(batch))
}

fn look() -> Router<Arc<Edge>> {
    Router::new()
        .route(&format!("{REALM}/themes"), post(themes::create))
        .route(&format!("{REALM}/themes/active"), get(themes::active))
        .route(&format!("{REALM}/themes/{{theme_id}}"), get(themes::get).patch(themes::update))
        .route(&format!("{REALM}/applications/{{application_id}}/tokens"), get(applications::tokens))
        .route(&format!("{REALM}/applications/{{application_id}}/tokens/{{token_id}}"), axum::routing::delete(applications::revoke))
}

/// Who answers with each verb behind an address's colon, and without one ("").
macro_rules! by_verb {
    ($($name:ident { $($verb:literal => $act:path),* })*) => {$(
        async fn $name(call: Call) -> Answer {
            match call.verb.as_deref().unwrap_or_default() {
                $($verb => $act(call).await,)*
                _ => Err(ApiError::not_found()),
            }
        }
    )*};
}

by_verb! {
    group { "" => groups::get, "listMembers" => groups::members }
    group_act { "addMembers" => groups::add_members, "deleteMembers" => groups::delete_members }
    identity { "" => identities::get, "listGroups" => identities::groups }
    credential_act { "revoke" => credentials::revoke }
    job_act { "revoke" => credentials::revoke_job }
    batch { "" => batches::get, "listResults" => batches::results }
}

/// The one link that is followed without a token: before anything asks for one.
async fn follow_link(request: Request, next: Next) -> Response {
    let is_link =
        matches!(*request.method(), http::Method::GET | http::Method::HEAD) && request.uri().path().ends_with(":invokeAuthenticator");
    if is_link && request.uri().path().starts_with("/v1/tenants/") {
        return invoke::enrollment(request.uri());
    }
    next.run(request).await
}
