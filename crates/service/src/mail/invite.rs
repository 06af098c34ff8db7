//! Inviting by mail: one person, many, a whole group, and once more.

use domain::binding_job::{DeliveryMethod, JobTerms, State};
use domain::event::EventKind;
use domain::identity::{EnrollmentStatus, Status};
use domain::mail::{Invited, Invitees};
use domain::permission::Permission;
use domain::record::{Identity, Job};
use domain::{BindingJobId, IdentityId, RealmId};

use crate::binding_jobs::{Kept, refuse_suspended};
use crate::work::{Target, Told, Work};
use crate::{Context, Error, Result};

/// People who are invited by one request; whoever wants more asks again.
const MOST: usize = 500;
/// People who are invited in one transaction: others can write in between.
const BATCH: usize = 50;

impl Context {
    /// Writes an invitation to the address on file. The link's secret is made when the mail is built.
    pub async fn invite(&self, identity: IdentityId) -> Result<Job> {
        let (job, _) = self.create_binding_job(identity, &JobTerms::of(DeliveryMethod::Email)).await?;
        Ok(job)
    }

    /// Takes a job's link back, where it is open, and sends a new one to the address on file.
    pub async fn resend(&self, id: BindingJobId) -> Result<Job> {
        let realm = self.allow(Permission::BindingJobsCreate)?;
        let mut work = self.work(realm).await?;
        let job = work.tx.open_job(realm, id).await?.ok_or(Error::NotFound("binding job"))?;
        self.refuse_above(&mut work.tx, realm, job.identity).await?;
        let identity = work.tx.identity(realm, job.identity).await?.ok_or(Error::NotFound("identity"))?;
        // Read before the lock: it may have been used meanwhile.
        let job = work.tx.open_job(realm, id).await?.ok_or(Error::NotFound("binding job"))?;
        if job.job.state() == State::Complete {
            return Err(Error::Conflict("A passkey was created with this link. Hand out another link where one more is wanted."));
        }
        work.take_mails_back(realm, &identity, id).await?;
        let kept = Kept { redirect_uri: job.redirect_uri.as_deref(), ..Kept::default() };
        let new = work.invite_by_mail(realm, &identity, kept).await?;
        let new = work.tx.job(realm, new).await?.ok_or(Error::Internal("a job just made is gone"))?;
        work.commit().await?;
        self.wake_sender();
        Ok(new)
    }

    pub(crate) fn wake_sender(&self) {
        self.keyroll.parts().deadline_moved.notify_one();
        self.keyroll.parts().mail_queued.notify_one();
    }

    /// Invites those who have no passkey and no mail that is open, up to 500 by one request, and says what became of the
    /// others. A group goes on behind `next`.
    pub async fn invite_many(&self, invitees: &Invitees) -> Result<Invited> {
        let realm = self.allow(Permission::BindingJobsCreate)?;
        let (ids, next) = match invitees {
            Invitees::These(ids) if ids.len() > MOST => {
                return Err(Error::Conflict("That is more than can be invited at once. Invite them in parts."));
            }
            Invitees::These(ids) => {
                // In the order in which everybody locks people.
                let mut ids = ids.clone();
                ids.sort_unstable();
                ids.dedup();
                (ids, None)
            }
            Invitees::Group { group, after } => {
                let mut tx = self.read().await?;
                tx.group(realm, *group).await?.ok_or(Error::NotFound("group"))?;
                let limit = u32::try_from(MOST).unwrap_or(u32::MAX);
                let ids = tx.members_of_any(&[*group], *after, limit).await?;
                let next = ids.last().copied().filter(|_| ids.len() == MOST);
                (ids, next)
            }
        };
        let mut invited = Invited::default();
        for ids in ids.chunks(BATCH) {
            let mut work = self.work(realm).await?;
            for id in ids {
                self.invite_if_wanting(&mut work, realm, *id, &mut invited).await?;
            }
            work.commit().await?;
            self.wake_sender();
        }
        Ok(Invited { next, ..invited })
    }

    async fn invite_if_wanting(&self, work: &mut Work, realm: RealmId, id: IdentityId, invited: &mut Invited) -> Result<()> {
        match self.refuse_above(&mut work.tx, realm, id).await {
            Err(Error::Forbidden) => {
                invited.refused += 1;
                return Ok(());
            }
            allowed => allowed?,
        }
        let Some(identity) = work.tx.identity(realm, id).await? else {
            invited.refused += 1;
            return Ok(());
        };
        let counted = if identity.enrollment == EnrollmentStatus::Enrolled {
            &mut invited.enrolled
        } else if identity.status == Status::Suspended {
            &mut invited.suspended
        } else if identity.email.is_none() {
            &mut invited.without_address
        } else if work.tx.has_open_mail(id).await? {
            &mut invited.pending
        } else {
            work.invite_by_mail(realm, &identity, Kept::default()).await?;
            &mut invited.invited
        };
        *counted += 1;
        Ok(())
    }
}

impl Work {
    /// Takes back this link, and every other one that went to the person by mail.
    async fn take_mails_back(&mut self, realm: RealmId, identity: &Identity, id: BindingJobId) -> Result<()> {
        for job in self.tx.open_jobs_of(identity.id).await? {
            let mailed = job.id == id || self.tx.mail(realm, job.id).await?.is_some();
            if let (true, Ok(revoked)) = (mailed, job.job.revoke(self.now)) {
                let told = Told::new(EventKind::BindingJobRevoked, Target::BindingJob(job.id), &identity.display_name).of(identity.id);
                if !self.advance(&job, &revoked, told).await? {
                    return Err(Error::Stale);
                }
            }
        }
        Ok(())
    }

    /// A job and its mail; whoever commits wakes the sender.
    pub(crate) async fn invite_by_mail(&mut self, realm: RealmId, identity: &Identity, kept: Kept<'_>) -> Result<BindingJobId> {
        let address = identity.email.as_deref().ok_or(Error::NoAddress)?;
        refuse_suspended(identity)?;
        // A secret that nobody learns: the one that works is made with the message.
        let secret = self.secret();
        let job = self.begin_job(realm, identity, &secret, DeliveryMethod::Email, kept).await?;
        self.tx.insert_mail(realm, job, address, self.now).await?;
        Ok(job)
    }
}
