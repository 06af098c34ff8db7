//! Server functions of the tenant and its realms.

use domain::RealmId;
use domain::realm::{Realm, RealmForm, RealmPage, Tenant};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// Whose installation it is.
#[server(name = ReadTenant, input = Json, endpoint = "tenants/get")]
pub async fn tenant(live: bool) -> Result<Tenant, AppError> {
    Ok(crate::context::asked(live).await?.tenant().await?)
}

/// Renames the tenant; `stale` where somebody else saved first.
#[server(input = Json, endpoint = "tenants/update")]
pub async fn update_tenant(version: i64, display_name: String) -> Result<Tenant, AppError> {
    Ok(crate::context::asked(false).await?.update_tenant(version, &display_name).await?)
}

/// The realms, the oldest first, behind `after`.
#[server(name = ListRealms, input = Json, endpoint = "realms/list")]
pub async fn realms(after: Option<RealmId>, live: bool) -> Result<RealmPage, AppError> {
    Ok(crate::context::asked(live).await?.realms(after).await?)
}

/// Makes an empty realm.
#[server(input = Json, endpoint = "realms/create")]
pub async fn create_realm(form: RealmForm) -> Result<Realm, AppError> {
    Ok(crate::context::asked(false).await?.create_realm(&form).await?)
}

/// Saves an edit that started from `version`; `stale` where somebody else saved first.
#[server(input = Json, endpoint = "realms/update")]
pub async fn update_realm(id: RealmId, version: i64, form: RealmForm) -> Result<Realm, AppError> {
    Ok(crate::context::asked(false).await?.update_realm(id, version, &form).await?)
}

/// Deletes a realm that nothing is in.
#[server(input = Json, endpoint = "realms/delete")]
pub async fn delete_realm(id: RealmId) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.delete_realm(id).await?)
}

/// Lets this session act in that realm from now on.
#[server(input = Json, endpoint = "realms/enter")]
pub async fn enter_realm(id: RealmId) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.enter_realm(id).await?)
}
