//! `R/batch-credential-binding-jobs`.

use domain::BatchId;
use domain::permission::Permission as P;
use service::BatchResults;

use super::call::{Answer, Call, listed_with};
use super::error::ApiError;
use super::identities::of;
use super::{terms, wire};

const BATCH: &str = "BatchCredentialBindingJob";

pub(super) async fn create(call: Call) -> Answer {
    call.need(P::BindingJobsCreate)?;
    let mut fields = call.fields(Some("batch_credential_binding_job"))?;
    let ids = fields.ids("identity_ids");
    if !fields.says("job_template") {
        fields.refuse("job_template", "missing");
    }
    let mut template = fields.object("job_template");
    let terms = terms::take(&mut template);
    fields.with(template);
    fields.done()?;
    let batch = call.context.create_batch(&ids, &terms).await?;
    call.resource(&wire::batch(of(&call), &batch))
}

pub(super) async fn get(call: Call) -> Answer {
    call.need(P::BindingJobsRead)?;
    let batch = call.named(BATCH, "batch_id", call.context.batch(id(&call)?).await)?;
    call.resource(&wire::batch(of(&call), &batch))
}

pub(super) async fn results(call: Call) -> Answer {
    call.need(P::BindingJobsRead)?;
    let results = call.context.page_of_batch_results(id(&call)?, &call.page()?).await;
    let BatchResults { counts, page } = call.named(BATCH, "batch_id", results)?;
    let counts =
        [("total_success_count", counts.success), ("total_failure_count", counts.failure), ("total_pending_count", counts.pending)];
    Ok(listed_with("job_results", page, wire::batch_result, &counts))
}

fn id(call: &Call) -> Result<BatchId, ApiError> {
    call.id("batch_id", BATCH)
}
