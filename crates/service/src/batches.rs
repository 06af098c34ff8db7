//! Batches: binding jobs for many people, asked for at once and made in the background, a piece after the other.
//!
//! What becomes of a person is written in the transaction that makes their job, its event and its mail: whoever dies in
//! the middle of a piece has done nothing of it, and whoever comes next begins there.

use std::collections::BTreeSet;

use domain::batch::{Batch, BatchCounts, BatchResult, MOST_IN_BATCH};
use domain::binding_job::{DeliveryMethod, JobTerms};
use domain::event::EventKind;
use domain::permission::Permission;
use domain::{BatchId, BindingJobId, FieldError, IdentityId, RealmId};
use storage::{ClaimedBatch, NewBatch, Tx};

use crate::api_lists::List;
use crate::context::Actor;
use crate::work::{Target, Told, Work};
use crate::{ApiPage, Context, Error, Keyroll, PageRequest, RequestInfo, Result};

/// People whose jobs are made in one transaction: others can write in between.
const PIECE: u32 = 50;
const IDENTITIES: &str = "batch_credential_binding_job.identity_ids";
const DELIVERY: &str = "batch_credential_binding_job.job_template.delivery_method";

/// A page of what became of the people in a batch, with how many of all of them stand where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchResults {
    pub counts: BatchCounts,
    pub page: ApiPage<BatchResult>,
}

impl Context {
    /// Takes on a batch of 1 to 1,000 people, of whom each is named once, and makes their jobs afterwards.
    pub async fn create_batch(&self, identities: &[IdentityId], terms: &JobTerms) -> Result<Batch> {
        let realm = self.allow(Permission::BindingJobsCreate)?;
        let terms = checked(identities, terms).map_err(Error::Invalid)?;
        let mut work = self.work(realm).await?;
        refuse_strangers(&mut work.tx, realm, identities).await?;
        let id = BatchId::from_i64(work.id());
        let new = NewBatch {
            id,
            realm,
            terms,
            by: self.party_in(realm),
            actor: self.actor.name().to_owned(),
            permissions: self.permissions,
            identities: identities.to_vec(),
            at: work.now,
        };
        work.tx.insert_batch(&new).await?;
        work.tell(told(EventKind::BatchStarted, id).with("identities", identities.len().to_string())).await?;
        let batch = work.tx.batch(realm, id).await?.ok_or(Error::Internal("a batch just made is gone"))?;
        work.commit().await?;
        self.keyroll.parts().batch_queued.notify_one();
        Ok(batch)
    }

    pub async fn batch(&self, id: BatchId) -> Result<Batch> {
        let realm = self.allow(Permission::BindingJobsRead)?;
        self.read().await?.batch(realm, id).await?.ok_or(Error::NotFound("batch"))
    }

    /// What became of the people in a batch, in the order in which they were named.
    pub async fn page_of_batch_results(&self, id: BatchId, request: &PageRequest) -> Result<BatchResults> {
        let realm = self.allow(Permission::BindingJobsRead)?;
        let paging = self.plain_paging(request, realm, List::ResultsOf(id))?;
        let mut tx = self.read().await?;
        let counts = tx.batch(realm, id).await?.ok_or(Error::NotFound("batch"))?.counts;
        let rows = tx.batch_results(realm, id, paging.stretch(|position| position)).await?;
        Ok(BatchResults { counts, page: paging.page(rows, counts.all(), |result| result.position) })
    }

    /// Makes the job of somebody in a batch, or says why there is none.
    async fn make_job_of(
        &self,
        work: &mut Work,
        batch: &ClaimedBatch,
        identity: IdentityId,
    ) -> Result<std::result::Result<BindingJobId, &'static str>> {
        match self.make_job(work, batch.realm, identity, &batch.terms, Some(batch.id)).await {
            Ok((job, _)) => Ok(Ok(job)),
            Err(Error::NoAddress) => Ok(Err("Identity missing email address")),
            Err(Error::NotFound(_)) => Ok(Err("Identity not found")),
            Err(Error::Conflict(words)) => Ok(Err(words)),
            Err(Error::Forbidden) => Ok(Err("This identity may do what whoever asked may not, so no link was made. Ask an administrator.")),
            Err(error) => Err(error),
        }
    }
}

impl Keyroll {
    /// Makes the next jobs of the oldest batch that nobody else is at; `false` where there is none.
    pub async fn go_on_with_batches(&self) -> Result<bool> {
        // SQLite has one writer: it is not asked for where there is nothing to write.
        if !self.store().read().await?.has_pending_items().await? {
            return Ok(false);
        }
        let mut tx = self.store().write().await?;
        let Some(batch) = tx.claim_batch().await? else { return Ok(false) };
        let context = self.in_the_name_of(&batch);
        let mut work = Work::on(tx, context.clone(), batch.realm);
        let items = work.tx.pending_items(batch.id, PIECE).await?;
        if items.is_empty() {
            // Somebody else finished it just before it was claimed.
            return Ok(true);
        }
        // In the order in which everybody locks people.
        work.tx.lock_identities(&items.iter().map(|item| item.identity).collect::<Vec<_>>()).await?;
        for item in items {
            let outcome = context.make_job_of(&mut work, &batch, item.identity).await?;
            work.tx.settle_item(batch.id, item.position, outcome).await?;
        }
        work.tx.touch_batch(batch.id, work.now).await?;
        work.tell_of_end(&batch).await?;
        work.commit().await?;
        context.wake_sender();
        Ok(true)
    }

    /// The context of whoever asked for the batch, with what they were allowed to do then.
    fn in_the_name_of(&self, batch: &ClaimedBatch) -> Context {
        let actor = Actor::Absent { party: batch.by, name: batch.actor.clone() };
        Context { actor, realm: Some(batch.realm), permissions: batch.permissions, ..self.anonymous(RequestInfo::default()) }
    }
}

impl Work {
    /// Tells that the batch is over, where nobody's job is still to be made.
    async fn tell_of_end(&mut self, batch: &ClaimedBatch) -> Result<()> {
        let counts = self.tx.batch_counts(batch.id).await?;
        if counts.pending > 0 {
            return Ok(());
        }
        let told = told(EventKind::BatchEnded, batch.id).with("success", counts.success.to_string());
        self.tell(told.with("failure", counts.failure.to_string())).await
    }
}

fn told(kind: EventKind, batch: BatchId) -> Told<'static> {
    Told::new(kind, Target::Realm, "").with("batch", batch.to_string())
}

/// Everything that is wrong with a batch by itself.
fn checked(identities: &[IdentityId], terms: &JobTerms) -> std::result::Result<JobTerms, Vec<FieldError>> {
    let mut errors = Vec::new();
    if identities.is_empty() || identities.len() > MOST_IN_BATCH {
        errors.push(FieldError::new(IDENTITIES, format!("A batch has 1 to {MOST_IN_BATCH} identities; {} were given.", identities.len())));
    } else {
        let mut seen = BTreeSet::new();
        errors.extend(refused(identities, |id| !seen.insert(id), "is named before already. Name each identity once."));
    }
    if terms.delivery == DeliveryMethod::Return {
        let words = "The links of a batch are sent by mail: nobody would get them back. Write EMAIL, or ask for one job at a time.";
        errors.push(FieldError::new(DELIVERY, words));
    }
    match terms.parse() {
        Ok(terms) if errors.is_empty() => Ok(terms),
        Ok(_) => Err(errors),
        Err(error) => Err(errors.into_iter().chain([error]).collect()),
    }
}

async fn refuse_strangers(tx: &mut Tx, realm: RealmId, identities: &[IdentityId]) -> Result<()> {
    let known = tx.identities_within(realm, identities).await?;
    let errors = refused(identities, |id| !known.contains(&id), "is not in this realm. Nobody’s job has been made.");
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// An error for each identity that is wrong; its field tells the place in the list, from 0 on.
fn refused(identities: &[IdentityId], mut wrong: impl FnMut(IdentityId) -> bool, words: &str) -> Vec<FieldError> {
    let places = identities.iter().enumerate().filter(|(_, id)| wrong(**id));
    places.map(|(place, id)| FieldError::new(format!("{IDENTITIES}[{place}]"), format!("The identity {id} {words}"))).collect()
}
