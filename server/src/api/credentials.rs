//! `R/identities/{identity_id}/credentials` and `…/credential-binding-jobs`.

use domain::permission::Permission as P;
use domain::{BindingJobId, PasskeyId};
use serde_json::json;

use super::call::{Answer, Call, listed};
use super::error::ApiError;
use super::identities::{id, of};
use super::{terms, wire};

pub(super) async fn list(call: Call) -> Answer {
    call.need(P::CredentialsRead)?;
    let page = call.context.page_of_credentials(call.identity_or_all()?, &call.page()?).await;
    let page = call.named("Identity", "identity_id", page)?;
    Ok(listed("credentials", page, |credential| wire::credential(of(&call), credential)))
}

pub(super) async fn get(call: Call) -> Answer {
    call.need(P::CredentialsRead)?;
    let passkey: PasskeyId = call.id("credential_id", "Credential")?;
    let credential = call.named("Credential", "credential_id", call.context.credential(id(&call)?, passkey).await)?;
    call.resource(&wire::credential(of(&call), &credential))
}

pub(super) async fn revoke(call: Call) -> Answer {
    call.need(P::CredentialsRevoke)?;
    let passkey: PasskeyId = call.id("credential_id", "Credential")?;
    let revoked = call.context.revoke_credential(id(&call)?, passkey, "Revoked through the API").await;
    let credential = call.named("Credential", "credential_id", revoked)?;
    call.resource(&wire::credential(of(&call), &credential))
}

pub(super) async fn jobs(call: Call) -> Answer {
    call.need(P::BindingJobsRead)?;
    let page = call.context.page_of_jobs(call.identity_or_all()?, &call.page()?).await;
    let page = call.named("Identity", "identity_id", page)?;
    Ok(listed("credential_binding_jobs", page, |job| wire::job(of(&call), job)))
}

pub(super) async fn job(call: Call) -> Answer {
    call.need(P::BindingJobsRead)?;
    let job = call.named(JOB, "job_id", call.context.binding_job(id(&call)?, job_id(&call)?).await)?;
    call.resource(&wire::job(of(&call), &job))
}

pub(super) async fn create_job(call: Call) -> Answer {
    call.need(P::BindingJobsCreate)?;
    let identity = id(&call)?;
    let terms = terms::read(call.fields(Some("job"))?)?;
    let made = call.context.create_binding_job(identity, &terms).await;
    let (job, link) = call.named("Identity", "identity_id", made)?;
    let mut body = json!({ "credential_binding_job": wire::job(of(&call), &job) });
    if let Some(secret) = link.as_deref().and_then(|link| link.rsplit('/').next()) {
        let api = call.context.keyroll().api_address(call.tenant, call.realm());
        let link = format!("{api}/identities/{identity}/credential-binding-jobs/{}:invokeAuthenticator?token={secret}", job.id);
        body["credential_binding_link"] = link.into();
    }
    Ok(super::call::json(body.to_string()))
}

pub(super) async fn revoke_job(call: Call) -> Answer {
    call.need(P::BindingJobsRevoke)?;
    let revoked = call.context.revoke_binding_job(id(&call)?, job_id(&call)?).await;
    let job = call.named(JOB, "job_id", revoked)?;
    call.resource(&wire::job(of(&call), &job))
}

const JOB: &str = "CredentialBindingJob";

fn job_id(call: &Call) -> Result<BindingJobId, ApiError> {
    call.id("job_id", JOB)
}
