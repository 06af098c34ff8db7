//! On what terms a person is invited: how the link is delivered, and where the person goes when it is done.

use domain::binding_job::{DeliveryMethod, JobTerms};

use super::error::ApiError;
use super::fields::Fields;

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
    let uri = fields.text("post_binding_redirect_uri").unwrap_or_default();
    match (JobTerms { delivery, redirect_uri: Some(uri) }).parse() {
        Ok(terms) => terms,
        Err(error) => {
            fields.refuse("post_binding_redirect_uri", error.message);
            JobTerms::of(delivery)
        }
    }
}
