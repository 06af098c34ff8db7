//! Resources as the wire has them.

use domain::batch::{Batch, BatchResult};
use domain::branding::Color;
use domain::identity::TRAITS;
use domain::realm::{Realm, Tenant};
use domain::record::{Group, Identity, Job};
use domain::token::{ApiToken, Scopes};
use domain::{RealmId, TenantId, Timestamp};
use serde_json::{Map, Value, json};
use service::{Credential, Theme};

/// The realm that a resource is of.
#[derive(Clone, Copy)]
pub(super) struct Of {
    pub(super) tenant: TenantId,
    pub(super) realm: RealmId,
}

/// RFC 3339, in UTC, with microseconds.
pub(crate) fn time(at: Timestamp) -> String {
    let time = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
    format!("{time:.6}")
}

/// A resource with what every one of its kind has.
fn of_realm(of: Of, id: impl ToString, times: (Timestamp, Timestamp), own: Value) -> Value {
    let mut resource = Map::new();
    resource.insert("id".into(), id.to_string().into());
    resource.insert("tenant_id".into(), of.tenant.to_string().into());
    resource.insert("realm_id".into(), of.realm.to_string().into());
    if let Value::Object(own) = own {
        resource.extend(own.into_iter().filter(|(_, value)| !value.is_null()));
    }
    resource.insert("create_time".into(), time(times.0).into());
    resource.insert("update_time".into(), time(times.1).into());
    Value::Object(resource)
}

pub(super) fn tenant(tenant: &Tenant) -> Value {
    json!({
        "id": tenant.id, "display_name": tenant.display_name,
        "create_time": time(tenant.created_at), "update_time": time(tenant.updated_at),
    })
}

pub(super) fn realm(realm: &Realm) -> Value {
    json!({
        "id": realm.id, "tenant_id": realm.tenant, "display_name": realm.display_name, "classification": realm.classification,
        "create_time": time(realm.created_at), "update_time": time(realm.updated_at),
    })
}

pub(super) fn identity(of: Of, identity: &Identity) -> Value {
    let mut traits = Map::new();
    traits.insert("type".into(), "traits_v0".into());
    traits.insert("username".into(), identity.username.clone().into());
    let with_columns = [("primary_email_address", &identity.email), ("external_id", &identity.external_id)];
    traits.extend(with_columns.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?.into()))));
    let known = TRAITS.iter().filter_map(|known| Some((known.name.to_owned(), identity.traits.get(known.name)?.clone().into())));
    traits.extend(known);
    let own = json!({
        "display_name": identity.display_name, "status": identity.status.as_str(),
        "enrollment_status": identity.enrollment.as_str(), "traits": traits,
    });
    of_realm(of, identity.id, (identity.created_at, identity.updated_at), own)
}

pub(super) fn group(of: Of, group: &Group) -> Value {
    let own = json!({ "display_name": group.display_name, "description": group.description });
    of_realm(of, group.id, (group.created_at, group.updated_at), own)
}

pub(super) fn credential(of: Of, credential: &Credential) -> Value {
    let state = if credential.passkey.revoked.is_some() { "REVOKED" } else { "ACTIVE" };
    let own = json!({
        "identity_id": credential.passkey.identity, "state": state, "csr_type": "WEBAUTHN",
        "jwk_json": credential.jwk_json, "jwk_thumbprint": credential.jwk_thumbprint,
    });
    of_realm(of, credential.passkey.id, (credential.passkey.created_at, credential.updated_at), own)
}

pub(super) fn job(of: Of, job: &Job) -> Value {
    let own = json!({
        "identity_id": job.identity, "credential_id": job.passkey, "batch_id": job.batch,
        "delivery_method": job.delivery.as_str(), "state": job.state.as_str(),
        "post_binding_redirect_uri": job.redirect_uri,
        "authenticator_config": { "config": { "type": super::terms::HOSTED_WEB } },
        "expire_time": time(job.expires_at),
    });
    of_realm(of, job.id, (job.created_at, job.updated_at), own)
}

pub(super) fn batch(of: Of, batch: &Batch) -> Value {
    of_realm(of, batch.id, (batch.created_at, batch.updated_at), json!({ "state": batch.state().as_str() }))
}

pub(super) fn batch_result(result: &BatchResult) -> Value {
    let mut own = json!({ "identity_id": result.identity, "state": result.state.as_str() });
    if let Some(job) = result.job {
        own["job_id"] = job.to_string().into();
    }
    if !result.words.is_empty() {
        own["message"] = result.words.clone().into();
    }
    own
}

pub(super) fn theme(tenant: TenantId, theme: &Theme) -> Value {
    let color = |text: &str| Color::parse(text).map_or_else(|| text.to_owned(), |color| color.to_string());
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let own = json!({
        "email_realm_name": theme.email_realm_name,
        "logo_url_light": some(&theme.logo_url_light), "logo_url_dark": some(&theme.logo_url_dark),
        "support_url": some(&theme.support_url),
        "button_color": color(&theme.button_color), "button_text_color": color(&theme.button_text_color),
    });
    of_realm(Of { tenant, realm: theme.realm }, theme.id, (theme.created_at, theme.updated_at), own)
}

pub(super) fn token(of: Of, token: &ApiToken) -> Value {
    let own = json!({
        "application_id": token.application, "scope": Scopes::written(token.scopes), "expire_time": time(token.expires_at),
        "last_used_time": token.last_used_at.map(time),
    });
    of_realm(of, token.id, (token.created_at, token.last_used_at.unwrap_or(token.created_at)), own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_six_digits_whatever_they_are() {
        assert_eq!(time(Timestamp::from_micros(1_800_000_000_000_000)), "2027-01-15T08:00:00.000000Z");
        assert_eq!(time(Timestamp::from_micros(1_800_000_000_000_010)), "2027-01-15T08:00:00.000010Z");
    }
}
