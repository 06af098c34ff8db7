//! Batches of binding jobs: who is in them, and what became of each.

use std::collections::BTreeSet;

use domain::batch::{Batch, BatchCounts, BatchResult, ResultState};
use domain::binding_job::{DeliveryMethod, JobTerms};
use domain::event::EventActor;
use domain::permission::Permissions;
use domain::{BatchId, BindingJobId, IdentityId, RealmId, Timestamp};

use crate::{Error, Result, Stretch, Tx, dialect};

/// A batch about to be inserted.
#[derive(Debug, Clone)]
pub struct NewBatch {
    pub id: BatchId,
    pub realm: RealmId,
    pub terms: JobTerms,
    /// In whose name the jobs are made.
    pub by: EventActor,
    pub actor: String,
    pub permissions: Permissions,
    /// Whose jobs are to be made, in this order.
    pub identities: Vec<IdentityId>,
    pub at: Timestamp,
}

/// A batch that this transaction works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedBatch {
    pub id: BatchId,
    pub realm: RealmId,
    pub terms: JobTerms,
    pub by: EventActor,
    pub actor: String,
    pub permissions: Permissions,
}

/// Somebody in a batch whose job is still to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingItem {
    pub position: i64,
    pub identity: IdentityId,
}

#[derive(sqlx::FromRow)]
pub(crate) struct ClaimedRow {
    id: i64,
    realm_id: i64,
    delivery_method: String,
    redirect_uri: Option<String>,
    actor_kind: String,
    actor_id: Option<i64>,
    actor_name: String,
    permissions: String,
}

impl TryFrom<ClaimedRow> for ClaimedBatch {
    type Error = Error;

    fn try_from(row: ClaimedRow) -> Result<Self> {
        let delivery = DeliveryMethod::read(&row.delivery_method).ok_or(Error::Corrupt("delivery method"))?;
        Ok(Self {
            id: BatchId::from_i64(row.id),
            realm: RealmId::from_i64(row.realm_id),
            terms: JobTerms { delivery, redirect_uri: row.redirect_uri },
            by: EventActor::of_parts(&row.actor_kind, row.actor_id).ok_or(Error::Corrupt("batch actor"))?,
            actor: row.actor_name,
            permissions: Permissions::kept(&row.permissions),
        })
    }
}

impl Tx {
    /// Inserts the batch with everybody in it.
    pub async fn insert_batch(&mut self, new: &NewBatch) -> Result<()> {
        let sql = "INSERT INTO batches (id, realm_id, delivery_method, redirect_uri, actor_kind, actor_id, actor_name, permissions, \
            created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)";
        let (actor_kind, actor_id) = new.by.parts();
        execute!(
            self,
            sql,
            new.id.get(),
            new.realm.get(),
            new.terms.delivery.as_str(),
            new.terms.redirect_uri.as_deref(),
            actor_kind,
            actor_id,
            new.actor.as_str(),
            new.permissions.written(),
            new.at.micros()
        );
        let sql =
            "INSERT INTO batch_items (batch_id, position, identity_id, state, words) SELECT $2, position, id, 'PENDING', '' FROM among";
        let sql = dialect::among_in_order(self, sql);
        let ids = dialect::ids(new.identities.iter().map(|id| id.get()));
        execute!(self, sqlx::AssertSqlSafe(sql.as_str()), ids.as_str(), new.id.get());
        Ok(())
    }

    /// Those of these identities that are in the realm.
    pub async fn identities_within(&mut self, realm: RealmId, identities: &[IdentityId]) -> Result<BTreeSet<IdentityId>> {
        let sql = dialect::among(self, "SELECT id FROM identities WHERE realm_id = $2 AND id IN (SELECT id FROM among)");
        let ids = dialect::ids(identities.iter().map(|id| id.get()));
        let rows = fetch_all!(self, (i64,), sqlx::AssertSqlSafe(sql.as_str()), ids.as_str(), realm.get());
        Ok(rows.into_iter().map(|(id,)| IdentityId::from_i64(id)).collect())
    }

    pub async fn batch(&mut self, realm: RealmId, id: BatchId) -> Result<Option<Batch>> {
        let sql = "SELECT created_at, updated_at FROM batches WHERE id = $1 AND realm_id = $2";
        let Some((created_at, updated_at)) = fetch_optional!(self, (i64, i64), sql, id.get(), realm.get()) else { return Ok(None) };
        let (created_at, updated_at) = (Timestamp::from_micros(created_at), Timestamp::from_micros(updated_at));
        Ok(Some(Batch { id, counts: self.batch_counts(id).await?, created_at, updated_at }))
    }

    /// How many people of the batch stand where.
    pub async fn batch_counts(&mut self, id: BatchId) -> Result<BatchCounts> {
        let sql = "SELECT state, count(*) FROM batch_items WHERE batch_id = $1 GROUP BY state";
        let mut counts = BatchCounts::default();
        for (state, number) in fetch_all!(self, (String, i64), sql, id.get()) {
            let count = match state_of(&state)? {
                ResultState::Pending => &mut counts.pending,
                ResultState::Success => &mut counts.success,
                ResultState::Failure => &mut counts.failure,
            };
            *count = number.unsigned_abs();
        }
        Ok(counts)
    }

    /// What became of everybody, in the order of their places.
    pub async fn batch_results(&mut self, realm: RealmId, id: BatchId, part: Stretch<i64>) -> Result<Vec<BatchResult>> {
        let sql = "SELECT i.position, i.identity_id, i.state, i.job_id, i.words FROM batch_items i JOIN batches b ON b.id = i.batch_id \
            WHERE i.batch_id = $1 AND b.realm_id = $2 AND i.position > $3 ORDER BY i.position LIMIT $4 OFFSET $5";
        let (after, limit, skip) = (part.after.unwrap_or(0), i64::from(part.limit), i64::from(part.skip));
        let rows = fetch_all!(self, (i64, i64, String, Option<i64>, String), sql, id.get(), realm.get(), after, limit, skip);
        let result = |(position, identity, state, job, words): (i64, i64, String, Option<i64>, String)| {
            let (identity, job) = (IdentityId::from_i64(identity), job.map(BindingJobId::from_i64));
            Ok(BatchResult { position, identity, state: state_of(&state)?, job, words })
        };
        rows.into_iter().map(result).collect()
    }

    /// Whether anybody's job is still to be made, in any realm.
    pub async fn has_pending_items(&mut self) -> Result<bool> {
        let sql = "SELECT batch_id FROM batch_items WHERE state = 'PENDING' LIMIT 1";
        Ok(fetch_optional!(self, (i64,), sql).is_some())
    }

    /// The oldest batch that is not finished and that nobody else works on: until the transaction ends nobody else will.
    pub async fn claim_batch(&mut self) -> Result<Option<ClaimedBatch>> {
        dialect::unfinished_batch(self).await?.map(ClaimedBatch::try_from).transpose()
    }

    /// The next of a batch that was claimed.
    pub async fn pending_items(&mut self, batch: BatchId, limit: u32) -> Result<Vec<PendingItem>> {
        let sql = "SELECT position, identity_id FROM batch_items WHERE batch_id = $1 AND state = 'PENDING' ORDER BY position LIMIT $2";
        let rows = fetch_all!(self, (i64, i64), sql, batch.get(), i64::from(limit));
        Ok(rows.into_iter().map(|(position, identity)| PendingItem { position, identity: IdentityId::from_i64(identity) }).collect())
    }

    /// Writes what became of somebody: the job, or in words why there is none.
    pub async fn settle_item(&mut self, batch: BatchId, position: i64, outcome: std::result::Result<BindingJobId, &str>) -> Result<()> {
        let sql = "UPDATE batch_items SET state = $3, job_id = $4, words = $5 WHERE batch_id = $1 AND position = $2";
        let (state, job, words) = match outcome {
            Ok(job) => (ResultState::Success, Some(job.get()), ""),
            Err(words) => (ResultState::Failure, None, words),
        };
        execute!(self, sql, batch.get(), position, state.as_str(), job, words);
        Ok(())
    }

    /// Notes that somebody of the batch was settled now.
    pub async fn touch_batch(&mut self, batch: BatchId, now: Timestamp) -> Result<()> {
        execute!(self, "UPDATE batches SET updated_at = $2 WHERE id = $1", batch.get(), now.micros());
        Ok(())
    }

    /// Removes batches that were over then. Their jobs stay.
    pub async fn sweep_batches(&mut self, long_ago: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM batch_items WHERE batch_id IN (SELECT b.id FROM batches b WHERE b.updated_at <= $1 \
            AND NOT EXISTS (SELECT 1 FROM batch_items i WHERE i.batch_id = b.id AND i.state = 'PENDING'))";
        execute!(self, sql, long_ago.micros());
        let sql = "DELETE FROM batches WHERE updated_at <= $1 AND NOT EXISTS (SELECT 1 FROM batch_items i WHERE i.batch_id = batches.id)";
        Ok(execute!(self, sql, long_ago.micros()))
    }
}

fn state_of(text: &str) -> Result<ResultState> {
    ResultState::read(text).ok_or(Error::Corrupt("batch result"))
}
