//! Binding jobs, their history, and the requests for a new link.

use domain::binding_job::{BindingJob, DeliveryMethod, Open, State};
use domain::mail::MailState;
use domain::record::{Job, Step};
use domain::{BatchId, BindingJobId, IdentityId, PasskeyId, RealmId, Timestamp};

use crate::dialect::{self, Lock};
use crate::{Error, Result, Tx};

/// A job about to be inserted; its link's secret is kept as a hash.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub id: BindingJobId,
    pub realm: RealmId,
    pub identity: IdentityId,
    pub token_hash: [u8; 32],
    pub delivery: DeliveryMethod,
    pub redirect_uri: Option<String>,
    pub batch: Option<BatchId>,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

/// A job as its link finds it.
#[derive(Debug, Clone)]
pub struct OpenJob {
    pub id: BindingJobId,
    pub realm: RealmId,
    pub identity: IdentityId,
    pub job: BindingJob,
    pub redirect_uri: Option<String>,
    pub link_requested_at: Option<Timestamp>,
}

/// The job that a page of the list starts after.
pub type JobCursor = BindingJobId;

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: i64,
    identity_id: i64,
    display_name: String,
    email: Option<String>,
    state: String,
    reached: String,
    delivery_method: String,
    redirect_uri: Option<String>,
    batch_id: Option<i64>,
    mail: Option<String>,
    passkey_id: Option<i64>,
    link_requested_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
    expires_at: i64,
}

impl TryFrom<Row> for Job {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: BindingJobId::from_i64(row.id),
            identity: IdentityId::from_i64(row.identity_id),
            display_name: row.display_name,
            email: row.email,
            state: State::read(&row.state).ok_or(Error::Corrupt("binding job state"))?,
            reached: State::read(&row.reached).ok_or(Error::Corrupt("binding job step"))?,
            delivery: DeliveryMethod::read(&row.delivery_method).ok_or(Error::Corrupt("delivery method"))?,
            redirect_uri: row.redirect_uri,
            batch: row.batch_id.map(BatchId::from_i64),
            mail: row.mail.map(|mail| MailState::read(&mail).ok_or(Error::Corrupt("mail state"))).transpose()?,
            passkey: row.passkey_id.map(PasskeyId::from_i64),
            link_requested_at: row.link_requested_at.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: i64,
    realm_id: i64,
    identity_id: i64,
    state: String,
    passkey_id: Option<i64>,
    redirect_uri: Option<String>,
    link_requested_at: Option<i64>,
    expires_at: i64,
}

impl TryFrom<OpenRow> for OpenJob {
    type Error = Error;

    fn try_from(row: OpenRow) -> Result<Self> {
        let open = Open { expires_at: Timestamp::from_micros(row.expires_at) };
        let job = match State::read(&row.state).ok_or(Error::Corrupt("binding job state"))? {
            State::LinkSent => BindingJob::LinkSent(open),
            State::LinkOpened => BindingJob::LinkOpened(open),
            State::RequestDelivered => BindingJob::RequestDelivered(open),
            State::Complete => {
                BindingJob::Complete { passkey: row.passkey_id.map(PasskeyId::from_i64).ok_or(Error::Corrupt("completed job"))? }
            }
            State::Expired => BindingJob::Expired,
            State::FailedToSend => BindingJob::FailedToSend,
            State::Revoked => BindingJob::Revoked,
        };
        Ok(Self {
            id: BindingJobId::from_i64(row.id),
            realm: RealmId::from_i64(row.realm_id),
            identity: IdentityId::from_i64(row.identity_id),
            job,
            redirect_uri: row.redirect_uri,
            link_requested_at: row.link_requested_at.map(Timestamp::from_micros),
        })
    }
}

macro_rules! columns {
    () => {
        concat!(
            "j.id, j.identity_id, i.display_name, coalesce(o.recipient, i.email) AS email, j.state, j.delivery_method, o.state AS mail, ",
            "j.redirect_uri, j.batch_id, j.passkey_id, j.link_requested_at, j.created_at, j.updated_at, j.expires_at, ",
            "(SELECT s.state FROM binding_job_steps s WHERE s.job_id = j.id ",
            "AND s.state NOT IN ('EXPIRED', 'FAILED_TO_SEND', 'REVOKED') ORDER BY s.id DESC LIMIT 1) AS reached"
        )
    };
}

macro_rules! joins {
    () => {
        "JOIN identities i ON i.id = j.identity_id LEFT JOIN outbox o ON o.job_id = j.id "
    };
}

macro_rules! select_jobs {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM binding_jobs j ", joins!(), $rest)
    };
}

/// Of a row, in `binding_jobs j` and what is joined to it.
pub(crate) const COLUMNS: &str = columns!();
pub(crate) const JOINS: &str = joins!();

macro_rules! select_open {
    ($rest:literal) => {
        concat!(
            "SELECT id, realm_id, identity_id, state, passkey_id, redirect_uri, link_requested_at, expires_at FROM binding_jobs ",
            $rest
        )
    };
}

impl Tx {
    /// Inserts the job with the first step of its history.
    pub async fn insert_job(&mut self, new: &NewJob) -> Result<()> {
        let sql = "INSERT INTO binding_jobs (id, realm_id, identity_id, token_hash, delivery_method, redirect_uri, batch_id, state, \
            created_at, updated_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'LINK_SENT', $8, $8, $9)";
        execute!(
            self,
            sql,
            new.id.get(),
            new.realm.get(),
            new.identity.get(),
            new.token_hash.as_slice(),
            new.delivery.as_str(),
            new.redirect_uri.as_deref(),
            new.batch.map(BatchId::get),
            new.at.micros(),
            new.expires_at.micros()
        );
        self.insert_step(new.id.get(), new.id, State::LinkSent, new.at, "").await
    }

    /// Gives the job's link another secret: the one before leads nowhere from then on.
    pub async fn renew_link(&mut self, id: BindingJobId, token_hash: &[u8; 32]) -> Result<()> {
        execute!(self, "UPDATE binding_jobs SET token_hash = $2 WHERE id = $1", id.get(), token_hash.as_slice());
        Ok(())
    }

    /// The job whose link has this secret.
    pub async fn job_by_token(&mut self, token_hash: &[u8; 32]) -> Result<Option<OpenJob>> {
        fetch_optional!(self, OpenRow, select_open!("WHERE token_hash = $1"), token_hash.as_slice()).map(OpenJob::try_from).transpose()
    }

    pub async fn open_job(&mut self, realm: RealmId, id: BindingJobId) -> Result<Option<OpenJob>> {
        fetch_optional!(self, OpenRow, select_open!("WHERE id = $1 AND realm_id = $2"), id.get(), realm.get())
            .map(OpenJob::try_from)
            .transpose()
    }

    /// Writes a transition if the job is still in the state that it started from; `false` where it moved meanwhile.
    pub async fn advance_job(
        &mut self,
        id: BindingJobId,
        from: State,
        to: &BindingJob,
        step: i64,
        now: Timestamp,
        device: &str,
    ) -> Result<bool> {
        let passkey = if let BindingJob::Complete { passkey } = to { Some(passkey.get()) } else { None };
        let sql = "UPDATE binding_jobs SET state = $3, passkey_id = $4, updated_at = $5 WHERE id = $1 AND state = $2";
        dialect::lock(self, Lock::InvitedBy(id)).await?;
        let moved = execute!(self, sql, id.get(), from.as_str(), to.state().as_str(), passkey, now.micros()) == 1;
        if moved {
            self.insert_step(step, id, to.state(), now, device).await?;
        }
        Ok(moved)
    }

    async fn insert_step(&mut self, step: i64, job: BindingJobId, state: State, now: Timestamp, device: &str) -> Result<()> {
        let sql = "INSERT INTO binding_job_steps (id, job_id, state, at, device) VALUES ($1, $2, $3, $4, $5)";
        execute!(self, sql, step, job.get(), state.as_str(), now.micros(), device);
        Ok(())
    }

    /// Notes that the person asked for a new link; `false` where that is noted already.
    pub async fn request_link(&mut self, id: BindingJobId, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE binding_jobs SET link_requested_at = $2, updated_at = $2 WHERE id = $1 AND link_requested_at IS NULL";
        Ok(execute!(self, sql, id.get(), now.micros()) == 1)
    }

    pub async fn job(&mut self, realm: RealmId, id: BindingJobId) -> Result<Option<Job>> {
        fetch_optional!(self, Row, select_jobs!("WHERE j.id = $1 AND j.realm_id = $2"), id.get(), realm.get())
            .map(Job::try_from)
            .transpose()
    }

    /// An identity's jobs, the newest first.
    pub async fn jobs_of(&mut self, realm: RealmId, identity: IdentityId, before: Option<JobCursor>, limit: u32) -> Result<Vec<Job>> {
        let sql = select_jobs!("WHERE j.identity_id = $1 AND j.realm_id = $2 AND j.id < $3 ORDER BY j.id DESC LIMIT $4");
        let before = before.map_or(i64::MAX, JobCursor::get);
        fetch_all!(self, Row, sql, identity.get(), realm.get(), before, i64::from(limit)).into_iter().map(Job::try_from).collect()
    }

    /// The realm's jobs, the newest first.
    pub async fn jobs(&mut self, realm: RealmId, before: Option<JobCursor>, limit: u32) -> Result<Vec<Job>> {
        let sql = select_jobs!("WHERE j.realm_id = $1 AND j.id < $2 ORDER BY j.id DESC LIMIT $3");
        let before = before.map_or(i64::MAX, JobCursor::get);
        fetch_all!(self, Row, sql, realm.get(), before, i64::from(limit)).into_iter().map(Job::try_from).collect()
    }

    /// A job's history, in its order.
    pub async fn steps(&mut self, realm: RealmId, job: BindingJobId) -> Result<Vec<Step>> {
        let sql = "SELECT s.state, s.at, s.device FROM binding_job_steps s JOIN binding_jobs j ON j.id = s.job_id \
            WHERE s.job_id = $1 AND j.realm_id = $2 ORDER BY s.id";
        let rows = fetch_all!(self, (String, i64, String), sql, job.get(), realm.get());
        let step = |(state, at, device): (String, i64, String)| {
            let state = State::read(&state).ok_or(Error::Corrupt("binding job state"))?;
            Ok(Step { state, at: Timestamp::from_micros(at), device })
        };
        rows.into_iter().map(step).collect()
    }

    /// Open jobs whose time is over, the oldest end first.
    pub async fn overdue_jobs(&mut self, now: Timestamp, limit: u32) -> Result<Vec<OpenJob>> {
        let sql = select_open!(
            "WHERE state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED') AND expires_at <= $1 ORDER BY expires_at LIMIT $2"
        );
        fetch_all!(self, OpenRow, sql, now.micros(), i64::from(limit)).into_iter().map(OpenJob::try_from).collect()
    }

    /// When the next open job's time is over.
    pub async fn next_expiry(&mut self) -> Result<Option<Timestamp>> {
        let sql = "SELECT expires_at FROM binding_jobs WHERE state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED') ORDER BY expires_at LIMIT 1";
        Ok(fetch_optional!(self, (i64,), sql).map(|(at,)| Timestamp::from_micros(at)))
    }

    /// The open jobs of an identity.
    pub async fn open_jobs_of(&mut self, identity: IdentityId) -> Result<Vec<OpenJob>> {
        let sql = select_open!("WHERE identity_id = $1 AND state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED') ORDER BY id");
        fetch_all!(self, OpenRow, sql, identity.get()).into_iter().map(OpenJob::try_from).collect()
    }
}
