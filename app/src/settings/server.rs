//! Server functions of the settings.

use domain::administrator::Administrators;
use domain::role::Role;
use domain::{GroupId, IdentityId, SessionId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// Who can enter the console and why.
#[server(name = ReadAdministrators, input = Json, endpoint = "administrators/list")]
pub async fn administrators(live: bool) -> Result<Administrators, AppError> {
    Ok(crate::context::asked(live).await?.administrators().await?)
}

/// Binds a role to these groups and to no others.
#[server(input = Json, endpoint = "administrators/bind-role")]
pub async fn bind_role(role: Role, groups: Vec<GroupId>) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.bind_role(role, &groups).await?)
}

/// Ends one session.
#[server(input = Json, endpoint = "administrators/end-session")]
pub async fn end_session(id: SessionId) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.end_session(id).await?)
}

/// Ends every session of a person; how many there were.
#[server(input = Json, endpoint = "administrators/end-sessions")]
pub async fn end_sessions(identity: IdentityId) -> Result<u64, AppError> {
    Ok(crate::context::asked(false).await?.end_sessions_of(identity).await?)
}
