//! Server functions of binding jobs.

use domain::ceremony::NewLink;
use domain::listing::{JobHistory, JobPage};
use domain::mail::{Invited, Invitees};
use domain::record::Job;
use domain::shell::Commands;
use domain::{BindingJobId, IdentityId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// Binding jobs of one identity, or of the realm; the newest first, older than `before`.
#[server(input = Json, endpoint = "binding-jobs/list")]
pub async fn jobs(identity: Option<IdentityId>, before: Option<BindingJobId>, live: bool) -> Result<JobPage, AppError> {
    Ok(crate::context::asked(live).await?.jobs(identity, before).await?)
}

/// A job's history and its passkey.
#[server(name = ReadJobHistory, input = Json, endpoint = "binding-jobs/history")]
pub async fn job_history(id: BindingJobId, live: bool) -> Result<JobHistory, AppError> {
    Ok(crate::context::asked(live).await?.job_history(id).await?)
}

/// Makes a link for a person who stands at the desk. It is in this answer and nowhere else.
#[server(input = Json, endpoint = "binding-jobs/create")]
pub async fn create_link(identity: IdentityId) -> Result<NewLink, AppError> {
    Ok(crate::context::asked(false).await?.create_link(identity).await?)
}

/// The command that asks the management API for a link for this person.
#[server(input = Json, endpoint = "binding-jobs/command")]
pub async fn link_command(identity: IdentityId) -> Result<Commands, AppError> {
    Ok(crate::context::asked(false).await?.link_command(identity).await?)
}

/// Takes a link back.
#[server(input = Json, endpoint = "binding-jobs/revoke")]
pub async fn revoke_job(id: BindingJobId) -> Result<Job, AppError> {
    Ok(crate::context::asked(false).await?.revoke_job(id).await?)
}

/// Sends a link to the address on file.
#[server(name = InviteByMail, input = Json, endpoint = "binding-jobs/invite")]
pub async fn invite(identity: IdentityId) -> Result<Job, AppError> {
    Ok(crate::context::asked(false).await?.invite(identity).await?)
}

/// Sends another link in place of this one.
#[server(input = Json, endpoint = "binding-jobs/resend")]
pub async fn resend(id: BindingJobId) -> Result<Job, AppError> {
    Ok(crate::context::asked(false).await?.resend(id).await?)
}

/// Sends links to those who want one, up to 500 by one request.
#[server(input = Json, endpoint = "binding-jobs/invite-many")]
pub async fn invite_many(invitees: Invitees) -> Result<Invited, AppError> {
    Ok(crate::context::asked(false).await?.invite_many(&invitees).await?)
}
