//! Server functions of the directory.

use domain::identity::{ProfileForm, Status};
use domain::listing::{IdentityPage, ListRequest};
use domain::record::{Group, Identity, Summary};
use domain::{GroupId, IdentityId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// A page of the list. `live`: asked for by an open page that heard of a change, not by a person.
#[server(input = Json, endpoint = "identities/list")]
pub async fn list_identities(request: ListRequest, live: bool) -> Result<IdentityPage, AppError> {
    Ok(crate::context::asked(live).await?.list_identities(&request).await?)
}

/// How many identities stand where.
#[server(name = ReadSummary, input = Json, endpoint = "identities/summary")]
pub async fn summary(live: bool) -> Result<Summary, AppError> {
    Ok(crate::context::asked(live).await?.summary().await?)
}

/// One identity.
#[server(name = ReadIdentity, input = Json, endpoint = "identities/get")]
pub async fn identity(id: IdentityId, live: bool) -> Result<Identity, AppError> {
    Ok(crate::context::asked(live).await?.identity(id).await?)
}

/// The groups that an identity is in.
#[server(input = Json, endpoint = "identities/groups")]
pub async fn groups_of(id: IdentityId, live: bool) -> Result<Vec<Group>, AppError> {
    Ok(crate::context::asked(live).await?.groups_of(id).await?)
}

/// Adds a person.
#[server(input = Json, endpoint = "identities/create")]
pub async fn create_identity(form: ProfileForm, groups: Vec<GroupId>) -> Result<Identity, AppError> {
    Ok(crate::context::asked(false).await?.create_identity(&form, &groups).await?)
}

/// Saves an edit that started from `version`; `stale` where somebody else saved first.
#[server(input = Json, endpoint = "identities/update")]
pub async fn update_identity(id: IdentityId, version: i64, form: ProfileForm) -> Result<Identity, AppError> {
    Ok(crate::context::asked(false).await?.update_identity(id, version, &form).await?)
}

/// Suspends or reactivates.
#[server(input = Json, endpoint = "identities/set-status")]
pub async fn set_status(id: IdentityId, status: Status) -> Result<Identity, AppError> {
    Ok(crate::context::asked(false).await?.set_status(id, status).await?)
}

/// Removes the person with their memberships, passkeys, sessions and links.
#[server(input = Json, endpoint = "identities/delete")]
pub async fn delete_identity(id: IdentityId) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.delete_identity(id).await?)
}
