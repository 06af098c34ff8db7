//! Server functions of the audit log.

use domain::listing::{ActivityPage, EventListRequest};
use domain::{EventId, IdentityId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// What happened in the realm, the newest first, older than `before`.
#[server(input = Json, endpoint = "events/list")]
pub async fn list_events(asked: EventListRequest, before: Option<EventId>, live: bool) -> Result<ActivityPage, AppError> {
    Ok(crate::context::asked(live).await?.list_events(asked, before).await?)
}

/// What happened to an identity, the newest first, older than `before`.
#[server(input = Json, endpoint = "events/of-identity")]
pub async fn activity_of(identity: IdentityId, before: Option<EventId>, live: bool) -> Result<ActivityPage, AppError> {
    Ok(crate::context::asked(live).await?.activity_of(identity, before).await?)
}
