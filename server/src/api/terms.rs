//! On what terms a person is invited: how the link is delivered, and where the person goes when it is done.

use domain::binding_job::{DeliveryMethod, JobTerms};

use super::error::ApiError;
use super::fields::Fields;

/// How the contract calls Keyroll's enrollment page.
pub(super) const HOSTED_WEB: &str = "hosted_web";

pub(super) fn read(mut fields: Fields) -> Result<JobTerms, ApiError> {
    let terms = take(&mut fields);
    fields.done().map(|()| terms)
}

/// Reads them, and notes what is wrong with them.
pub(super) fn take(fields: &mut Fields) -> JobTerms {
    if !fields.says("delivery_method") {
        fields.refuse("delivery_method", "missing");
    }
    let delivery = fields.one_of("delivery_method", DeliveryMethod::read, "EMAIL, RETURN").unwrap_or(DeliveryMethod::Return);
    take_config(fields);
    let uri = fields.text("post_binding_redirect_uri").unwrap_or_default();
    match (JobTerms { delivery, redirect_uri: Some(uri) }).parse() {
        Ok(terms) => terms,
        Err(error) => {
            fields.refuse("post_binding_redirect_uri", error.message);
            JobTerms::of(delivery)
        }
    }
}

/// The one way to a passkey is Keyroll's own page: another is refused, not silently replaced by it.
fn take_config(fields: &mut Fields) {
    if fields.says("authenticator_config") {
        let mut given = fields.object("authenticator_config");
        let mut config = given.object("config");
        config.required("type");
        config.one_of("type", |kind| (kind == HOSTED_WEB).then_some(()), HOSTED_WEB);
        given.with(config);
        fields.with(given);
    }
    if fields.text("authenticator_config_id").is_some_and(|id| !id.is_empty()) {
        fields.refuse("authenticator_config_id", "there is no authenticator config here: leave it out");
    }
}
