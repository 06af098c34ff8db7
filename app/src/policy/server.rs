//! Server functions of the policy.

use domain::IdentityId;
use domain::policy::{Answer, Application, Draft, Impact, PolicyDesk, Rule, Version, VersionPage, Which};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// The policy in force and the draft.
#[server(name = ReadPolicy, input = Json, endpoint = "policy/get")]
pub async fn policy_desk(live: bool) -> Result<PolicyDesk, AppError> {
    Ok(crate::context::asked(live).await?.policy_desk().await?)
}

/// Published versions, the newest first, older than `before`.
#[server(name = ReadVersions, input = Json, endpoint = "policy/versions")]
pub async fn policy_versions(before: Option<i64>, live: bool) -> Result<VersionPage, AppError> {
    Ok(crate::context::asked(live).await?.policy_versions(before).await?)
}

/// Keeps the rules as the draft, in place of the version that they started from, 0 for none.
#[server(input = Json, endpoint = "policy/save-draft")]
pub async fn save_draft(version: i64, rules: Vec<Rule>) -> Result<Draft, AppError> {
    Ok(crate::context::asked(false).await?.save_policy_draft(version, rules).await?)
}

/// Ends the draft.
#[server(input = Json, endpoint = "policy/discard-draft")]
pub async fn discard_draft(version: i64) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.discard_policy_draft(version).await?)
}

/// Puts the draft in force.
#[server(input = Json, endpoint = "policy/publish")]
pub async fn publish(version: i64) -> Result<Version, AppError> {
    Ok(crate::context::asked(false).await?.publish_policy(version).await?)
}

/// Makes an earlier version's rules the draft.
#[server(input = Json, endpoint = "policy/restore")]
pub async fn restore(number: i64, version: i64) -> Result<Draft, AppError> {
    Ok(crate::context::asked(false).await?.restore_policy(number, version).await?)
}

/// What the policy would say to one person.
#[server(input = Json, endpoint = "policy/simulate")]
pub async fn simulate(identity: IdentityId, application: Application, which: Which) -> Result<Vec<Answer>, AppError> {
    Ok(crate::context::asked(false).await?.simulate_policy(identity, application, which).await?)
}

/// Who would gain and lose access by publishing the draft.
#[server(name = ReadImpact, input = Json, endpoint = "policy/impact")]
pub async fn impact(application: Application) -> Result<Impact, AppError> {
    Ok(crate::context::asked(false).await?.policy_impact(application).await?)
}
