//! `/v1/tenants/{tenant_id}` and its realms.

use domain::permission::Permission as P;
use domain::realm::{Realm, RealmForm};

use super::call::{Answer, Call, done, listed};
use super::error::ApiError;
use super::fields::Fields;
use super::wire;

pub(super) async fn tenant(call: Call) -> Answer {
    call.resource(&wire::tenant(&call.context.tenant().await?))
}

pub(super) async fn update_tenant(call: Call) -> Answer {
    call.need(P::TenantsUpdate)?;
    let mut fields = call.fields(Some("tenant"))?;
    let name = fields.text("display_name");
    fields.done()?;
    let after = call.context.edit_tenant(|before| {
        call.agree(&wire::tenant(before))?;
        Ok::<_, ApiError>(name.unwrap_or_else(|| before.display_name.clone()))
    });
    call.resource(&wire::tenant(&under("tenant", after.await)?))
}

pub(super) async fn realms(call: Call) -> Answer {
    call.need(P::RealmsRead)?;
    let page = call.context.page_of_realms(&call.page()?).await?;
    Ok(listed("realms", page, wire::realm))
}

pub(super) async fn create_realm(call: Call) -> Answer {
    call.need(P::RealmsCreate)?;
    let mut fields = call.fields(Some("realm"))?;
    let display_name = fields.required("display_name").unwrap_or_default();
    let classification = fields.text("classification").unwrap_or_default();
    let form = checked(fields, RealmForm { display_name, classification })?;
    call.resource(&wire::realm(&call.context.create_realm(&form).await?))
}

/// Refuses a form together with what was wrong in the body.
fn checked(fields: Fields, form: RealmForm) -> Result<RealmForm, ApiError> {
    match form.parse() {
        Err(errors) => Err(fields.refused(errors, str::to_owned)),
        Ok(form) => fields.done().map(|()| form),
    }
}

pub(super) async fn realm(call: Call) -> Answer {
    call.resource(&wire::realm(&call.context.acting_realm().await?))
}

pub(super) async fn update_realm(call: Call) -> Answer {
    call.need(P::RealmsUpdate)?;
    let mut fields = call.fields(Some("realm"))?;
    let (name, classification) = (fields.text("display_name"), fields.text("classification"));
    fields.done()?;
    let after = call.context.edit_realm(call.realm(), |before: &Realm| {
        call.agree(&wire::realm(before))?;
        Ok::<_, ApiError>(RealmForm {
            display_name: name.unwrap_or_else(|| before.display_name.clone()),
            classification: classification.unwrap_or_else(|| before.classification.clone()),
        })
    });
    call.resource(&wire::realm(&under("realm", after.await)?))
}

pub(super) async fn delete_realm(call: Call) -> Answer {
    let agree = |before: &Realm| call.agree(&wire::realm(before));
    call.context.delete_realm_if(call.realm(), agree).await?;
    Ok(done())
}

/// Fields that the service refuses stand below the body's wrapper.
pub(super) fn under<T>(wrapper: &str, outcome: Result<T, ApiError>) -> Result<T, ApiError> {
    outcome.map_err(|error| error.under(wrapper))
}
