//! Server functions of the audit log.

use domain::listing::{ActivityPage, EventListRequest};
use domain::{EventId, GroupId, IdentityId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// What happened in the realm, the newest first, older than `before`.
#[server(input = Json, endpoint = "events/list")]
pub async fn list_events(asked: EventListRequest, before: Option<EventId>, live: bool) -> Result<ActivityPage, AppError> {
    Ok(crate::context::asked(live).await?.list_events(&asked, before).await?)
}

/// What happened to an identity, the newest first, older than `before`.
#[server(input = Json, endpoint = "events/of-identity")]
pub async fn activity_of(identity: IdentityId, before: Option<EventId>, live: bool) -> Result<ActivityPage, AppError> {
    Ok(crate::context::asked(live).await?.activity_of(identity, before).await?)
}

/// What happened to a group, the newest first, older than `before`.
#[server(input = Json, endpoint = "events/of-group")]
pub async fn activity_of_group(group: GroupId, before: Option<EventId>, live: bool) -> Result<ActivityPage, AppError> {
    Ok(crate::context::asked(live).await?.activity_of_group(group, before).await?)
}

/// Whether the log may be carried away now; asked before the download, in which no passkey can be asked for.
#[server(input = Json, endpoint = "events/may-export")]
pub async fn may_export() -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.may_export_events()?)
}
