//! Server functions of groups.

use domain::group::GroupForm;
use domain::listing::{GroupListRequest, GroupPage};
use domain::record::Group;
use domain::{GroupId, IdentityId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// Every group, for choosing from.
#[server(input = Json, endpoint = "groups/all")]
pub async fn groups() -> Result<Vec<Group>, AppError> {
    Ok(crate::context::asked(false).await?.groups().await?)
}

/// A page of the list.
#[server(input = Json, endpoint = "groups/list")]
pub async fn list_groups(request: GroupListRequest, live: bool) -> Result<GroupPage, AppError> {
    Ok(crate::context::asked(live).await?.list_groups(&request).await?)
}

/// One group.
#[server(name = ReadGroup, input = Json, endpoint = "groups/get")]
pub async fn group(id: GroupId, live: bool) -> Result<Group, AppError> {
    Ok(crate::context::asked(live).await?.group(id).await?)
}

/// Makes a group.
#[server(input = Json, endpoint = "groups/create")]
pub async fn create_group(form: GroupForm) -> Result<Group, AppError> {
    Ok(crate::context::asked(false).await?.create_group(&form).await?)
}

/// Saves an edit that started from `version`; `stale` where somebody else saved first.
#[server(input = Json, endpoint = "groups/update")]
pub async fn update_group(id: GroupId, version: i64, form: GroupForm) -> Result<Group, AppError> {
    Ok(crate::context::asked(false).await?.update_group(id, version, &form).await?)
}

/// Deletes a group, with its memberships where that is said.
#[server(input = Json, endpoint = "groups/delete")]
pub async fn delete_group(id: GroupId, with_members: bool) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.delete_group(id, with_members).await?)
}

/// Makes up to 1,000 people members; how many were not yet.
#[server(input = Json, endpoint = "groups/add-members")]
pub async fn add_members(id: GroupId, people: Vec<IdentityId>) -> Result<u64, AppError> {
    Ok(crate::context::asked(false).await?.add_members(id, &people).await?)
}

/// Ends the membership of up to 1,000 people; how many there were.
#[server(input = Json, endpoint = "groups/remove-members")]
pub async fn remove_members(id: GroupId, people: Vec<IdentityId>) -> Result<u64, AppError> {
    Ok(crate::context::asked(false).await?.remove_members(id, &people).await?)
}
