//! The outbox: mails that wait, and what became of those that did.

use domain::mail::{Mail, MailCounts, MailFilter, MailState};
use domain::{BindingJobId, IdentityId, RealmId, Timestamp};

use crate::{Error, Result, Tx, dialect};

/// A mail that this process is at. `attempt` says that it still is: a later one is somebody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMail {
    pub job: BindingJobId,
    pub realm: RealmId,
    pub recipient: String,
    pub attempt: u32,
}

#[derive(sqlx::FromRow)]
struct Row {
    job_id: i64,
    identity_id: i64,
    display_name: String,
    recipient: String,
    state: String,
    attempts: i64,
    due_at: i64,
    words: String,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for Mail {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let state = MailState::read(&row.state).ok_or(Error::Corrupt("mail state"))?;
        Ok(Self {
            job: BindingJobId::from_i64(row.job_id),
            identity: IdentityId::from_i64(row.identity_id),
            display_name: row.display_name,
            recipient: row.recipient,
            state,
            attempts: count(row.attempts)?,
            due_at: (state == MailState::Queued).then_some(Timestamp::from_micros(row.due_at)),
            words: row.words,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

fn count(attempts: i64) -> Result<u32> {
    u32::try_from(attempts).map_err(|_| Error::Corrupt("count of attempts"))
}

macro_rules! select_mails {
    ($rest:literal) => {
        concat!(
            "SELECT o.job_id, j.identity_id, i.display_name, o.recipient, o.state, o.attempts, o.due_at, o.words, o.created_at, o.updated_at ",
            "FROM outbox o JOIN binding_jobs j ON j.id = o.job_id JOIN identities i ON i.id = j.identity_id ",
            $rest
        )
    };
}

/// What a mail that somebody was at becomes.
#[derive(Debug, Clone)]
pub struct Settled<'a> {
    pub state: MailState,
    /// When a mail that goes back into the queue is tried again.
    pub due_at: Timestamp,
    pub words: &'a str,
}

impl Tx {
    /// Puts the mail of a job just made into the outbox.
    pub async fn insert_mail(&mut self, realm: RealmId, job: BindingJobId, recipient: &str, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO outbox (job_id, realm_id, recipient, state, attempts, due_at, words, created_at, updated_at) \
            VALUES ($1, $2, $3, 'QUEUED', 0, $4, '', $4, $4)";
        execute!(self, sql, job.get(), realm.get(), recipient, now.micros());
        Ok(())
    }

    /// Takes the mail that has been due for longest, for as long as `until`; in a transaction of its own.
    ///
    /// A mail whose process went away before it was handed over is due again; one after that is not sent twice.
    pub async fn claim_mail(&mut self, now: Timestamp, until: Timestamp) -> Result<Option<ClaimedMail>> {
        let Some((job, realm, recipient, attempts)) = dialect::due_mail(self, now).await? else { return Ok(None) };
        let claimed = ClaimedMail {
            job: BindingJobId::from_i64(job),
            realm: RealmId::from_i64(realm),
            recipient,
            attempt: count(attempts)?.checked_add(1).ok_or(Error::Corrupt("count of attempts"))?,
        };
        let sql = "UPDATE outbox SET state = 'SENDING', attempts = $2, due_at = $3, updated_at = $4 WHERE job_id = $1";
        execute!(self, sql, job, i64::from(claimed.attempt), until.micros(), now.micros());
        Ok(Some(claimed))
    }

    /// Keeps the mail for longer; `false` where somebody else took it.
    pub async fn keep_mail(&mut self, mail: &ClaimedMail, until: Timestamp) -> Result<bool> {
        let sql = "UPDATE outbox SET due_at = $3 WHERE job_id = $1 AND attempts = $2 AND state IN ('SENDING', 'HANDED_OVER')";
        Ok(execute!(self, sql, mail.job.get(), i64::from(mail.attempt), until.micros()) == 1)
    }

    /// Notes that the text is about to leave; `false` where it must not: somebody else took the mail, or its link ended.
    pub async fn hand_mail_over(&mut self, mail: &ClaimedMail, now: Timestamp, until: Timestamp) -> Result<bool> {
        let sql = "UPDATE outbox SET state = 'HANDED_OVER', due_at = $3, updated_at = $4 WHERE job_id = $1 AND attempts = $2 \
            AND state = 'SENDING' AND EXISTS (SELECT 1 FROM binding_jobs j WHERE j.id = outbox.job_id AND j.expires_at > $4 \
            AND j.state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED'))";
        Ok(execute!(self, sql, mail.job.get(), i64::from(mail.attempt), until.micros(), now.micros()) == 1)
    }

    /// Writes how it went; `false` where somebody else took the mail meanwhile. Whoever heard the answer knows better than
    /// whoever gave the mail up.
    pub async fn settle_mail(&mut self, mail: &ClaimedMail, settled: &Settled<'_>, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE outbox SET state = $3, due_at = $4, words = $5, updated_at = $6 \
            WHERE job_id = $1 AND attempts = $2 AND state IN ('SENDING', 'HANDED_OVER', 'UNCERTAIN')";
        let (state, due_at) = (settled.state.as_str(), settled.due_at.micros());
        Ok(execute!(self, sql, mail.job.get(), i64::from(mail.attempt), state, due_at, settled.words, now.micros()) == 1)
    }

    /// Gives a mail up whose answer nobody will write down; `false` where somebody still may.
    pub async fn give_mail_up(&mut self, mail: &ClaimedMail, words: &str, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE outbox SET state = 'UNCERTAIN', words = $3, updated_at = $4 \
            WHERE job_id = $1 AND attempts = $2 AND state = 'HANDED_OVER' AND due_at <= $4";
        Ok(execute!(self, sql, mail.job.get(), i64::from(mail.attempt), words, now.micros()) == 1)
    }

    /// Mails that were handed over by processes which went away before they heard the answer.
    pub async fn unheard_mails(&mut self, now: Timestamp, limit: u32) -> Result<Vec<ClaimedMail>> {
        let sql = "SELECT job_id, realm_id, recipient, attempts FROM outbox WHERE state = 'HANDED_OVER' AND due_at <= $1 \
            ORDER BY due_at, job_id LIMIT $2";
        let rows = fetch_all!(self, (i64, i64, String, i64), sql, now.micros(), i64::from(limit));
        let claimed = |(job, realm, recipient, attempts)| {
            let (job, realm) = (BindingJobId::from_i64(job), RealmId::from_i64(realm));
            Ok(ClaimedMail { job, realm, recipient, attempt: count(attempts)? })
        };
        rows.into_iter().map(claimed).collect()
    }

    /// When the next mail is due.
    pub async fn next_mail(&mut self) -> Result<Option<Timestamp>> {
        let sql = "SELECT due_at FROM outbox WHERE state IN ('QUEUED', 'SENDING', 'HANDED_OVER') ORDER BY due_at LIMIT 1";
        Ok(fetch_optional!(self, (i64,), sql).map(|(at,)| Timestamp::from_micros(at)))
    }

    /// Whether a mail to the person is on its way, or its link can still be used.
    pub async fn has_open_mail(&mut self, identity: IdentityId) -> Result<bool> {
        let sql = "SELECT j.id FROM binding_jobs j JOIN outbox o ON o.job_id = j.id WHERE j.identity_id = $1 \
            AND j.state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED') LIMIT 1";
        Ok(fetch_optional!(self, (i64,), sql, identity.get()).is_some())
    }

    /// The mail of a job.
    pub async fn mail(&mut self, realm: RealmId, job: BindingJobId) -> Result<Option<Mail>> {
        fetch_optional!(self, Row, select_mails!("WHERE o.job_id = $1 AND o.realm_id = $2"), job.get(), realm.get())
            .map(Mail::try_from)
            .transpose()
    }

    /// The realm's mails, the newest first.
    pub async fn mails(
        &mut self,
        realm: RealmId,
        filter: Option<MailFilter>,
        before: Option<BindingJobId>,
        limit: u32,
    ) -> Result<Vec<Mail>> {
        let before = before.map_or(i64::MAX, BindingJobId::get);
        let (realm, limit) = (realm.get(), i64::from(limit));
        let rows = match filter {
            None => {
                let sql = select_mails!("WHERE o.realm_id = $1 AND o.job_id < $2 ORDER BY o.job_id DESC LIMIT $3");
                fetch_all!(self, Row, sql, realm, before, limit)
            }
            Some(MailFilter::Waiting) => {
                let sql = select_mails!(
                    "WHERE o.realm_id = $1 AND o.job_id < $2 AND o.state IN ('QUEUED', 'SENDING', 'HANDED_OVER') ORDER BY o.job_id DESC LIMIT $3"
                );
                fetch_all!(self, Row, sql, realm, before, limit)
            }
            Some(ended) => {
                let sql = select_mails!("WHERE o.realm_id = $1 AND o.job_id < $2 AND o.state = $4 ORDER BY o.job_id DESC LIMIT $3");
                fetch_all!(self, Row, sql, realm, before, limit, ended.as_str().to_ascii_uppercase())
            }
        };
        rows.into_iter().map(Mail::try_from).collect()
    }

    /// How many of the realm's mails stand where.
    pub async fn mail_counts(&mut self, realm: RealmId) -> Result<MailCounts> {
        let sql = "SELECT state, count(*) FROM outbox WHERE realm_id = $1 GROUP BY state";
        let mut counts = MailCounts::default();
        for (state, number) in fetch_all!(self, (String, i64), sql, realm.get()) {
            let state = MailState::read(&state).ok_or(Error::Corrupt("mail state"))?;
            counts.add(state, u64::try_from(number).unwrap_or(0));
        }
        Ok(counts)
    }

    /// Those of these jobs whose link can still become a passkey.
    pub async fn still_open(&mut self, jobs: &[BindingJobId]) -> Result<Vec<BindingJobId>> {
        let sql = dialect::among(
            self,
            "SELECT id FROM binding_jobs WHERE id IN (SELECT id FROM among) AND state IN ('LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED')",
        );
        let ids = dialect::ids(jobs.iter().map(|id| id.get()));
        let rows = fetch_all!(self, (i64,), sqlx::AssertSqlSafe(sql.as_str()), ids.as_str());
        Ok(rows.into_iter().map(|(id,)| BindingJobId::from_i64(id)).collect())
    }
}
