//! Binding jobs: handing out links, watching them, taking them back.

use domain::binding_job::{DeliveryMethod, JobTerms};
use domain::ceremony::NewLink;
use domain::event::EventKind;
use domain::identity::Status;
use domain::listing::{JobHistory, JobPage};
use domain::permission::Permission;
use domain::record::{Identity, Job};
use domain::shell::{self, Commands};
use domain::{BatchId, BindingJobId, IdentityId, RealmId};
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder};
use storage::NewJob;

use crate::realms::tenant_of;
use crate::work::{Target, Told, Work};
use crate::{Context, Error, Keyroll, Result, Secret};

const PAGE: u32 = 50;

/// What a job keeps for whoever asked for it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Kept<'a> {
    pub(crate) redirect_uri: Option<&'a str>,
    pub(crate) batch: Option<BatchId>,
}

impl Context {
    /// Jobs of one identity, or of the realm; the newest first, older than `before`.
    pub async fn jobs(&self, identity: Option<IdentityId>, before: Option<BindingJobId>) -> Result<JobPage> {
        let realm = self.allow(Permission::BindingJobsRead)?;
        let mut tx = self.read().await?;
        let mut jobs = match identity {
            Some(identity) => {
                tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
                tx.jobs_of(realm, identity, before, PAGE + 1).await?
            }
            None => tx.jobs(realm, before, PAGE + 1).await?,
        };
        let more = jobs.len() > PAGE as usize;
        jobs.truncate(PAGE as usize);
        let next = jobs.last().filter(|_| more).map(|job| job.id);
        Ok(JobPage { jobs, next })
    }

    /// A job's steps, and its passkey once there is one.
    pub async fn job_history(&self, id: BindingJobId) -> Result<JobHistory> {
        let realm = self.allow(Permission::BindingJobsRead)?;
        let mut tx = self.read().await?;
        let job = tx.job(realm, id).await?.ok_or(Error::NotFound("binding job"))?;
        let steps = tx.steps(realm, id).await?;
        let passkey = match job.passkey {
            Some(passkey) => tx.passkey(realm, passkey).await?,
            None => None,
        };
        let mail = tx.mail(realm, id).await?;
        Ok(JobHistory { steps, passkey, mail })
    }

    /// Makes a job on these terms, and the link where whoever asks hands it out: the only time that it is seen.
    pub async fn create_binding_job(&self, identity: IdentityId, terms: &JobTerms) -> Result<(Job, Option<String>)> {
        let realm = self.allow(Permission::BindingJobsCreate)?;
        let terms = terms.parse().map_err(|error| Error::Invalid(vec![error]))?;
        let mut work = self.work(realm).await?;
        let (job, secret) = self.make_job(&mut work, realm, identity, &terms, None).await?;
        let link = secret.map(|secret| self.keyroll.enrollment_link(&secret)).transpose()?;
        let job = work.tx.job(realm, job).await?.ok_or(Error::Internal("a job just made is gone"))?;
        work.commit().await?;
        self.wake_sender();
        Ok((job, link))
    }

    /// Makes a link for a person who stands at the desk: the only time that it is seen.
    pub async fn create_link(&self, identity: IdentityId) -> Result<NewLink> {
        let (job, link) = self.create_binding_job(identity, &JobTerms::of(DeliveryMethod::Return)).await?;
        let link = link.ok_or(Error::Internal("a link to hand out was not made"))?;
        Ok(NewLink { qr: qr_code(&link)?, job, link })
    }

    /// The command that asks the management API for a link, for whoever hands links out by a program of their own.
    pub async fn link_command(&self, identity: IdentityId) -> Result<Commands> {
        let realm = self.allow(Permission::BindingJobsCreate)?;
        let mut tx = self.read().await?;
        let person = tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
        refuse_suspended(&person)?;
        let api = self.keyroll.api_address(tenant_of(&mut tx, realm).await?, realm);
        let url = format!("{api}/identities/{identity}/credential-binding-jobs");
        Ok(shell::post(&url, r#"{"job":{"delivery_method":"RETURN"}}"#, "credential_binding_link"))
    }

    /// A job on these terms within a transaction, with the link's secret where whoever asks hands the link out. Whoever
    /// commits wakes the background tasks.
    pub(crate) async fn make_job(
        &self,
        work: &mut Work,
        realm: RealmId,
        identity: IdentityId,
        terms: &JobTerms,
        batch: Option<BatchId>,
    ) -> Result<(BindingJobId, Option<Secret>)> {
        self.refuse_above(&mut work.tx, realm, identity).await?;
        let identity = work.tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
        let kept = Kept { redirect_uri: terms.redirect_uri.as_deref(), batch };
        match terms.delivery {
            DeliveryMethod::Email => Ok((work.invite_by_mail(realm, &identity, kept).await?, None)),
            DeliveryMethod::Return => {
                refuse_suspended(&identity)?;
                let secret = work.secret();
                let job = work.begin_job(realm, &identity, &secret, terms.delivery, kept).await?;
                Ok((job, Some(secret)))
            }
        }
    }

    /// A link within a transaction; whoever commits wakes the background task.
    pub(crate) async fn new_link(&self, work: &mut Work, realm: RealmId, identity: &Identity) -> Result<NewLink> {
        let secret = work.secret();
        let job = work.begin_job(realm, identity, &secret, DeliveryMethod::Return, Kept::default()).await?;
        let stored = work.tx.job(realm, job).await?.ok_or(Error::Internal("a job just made is gone"))?;
        let link = self.keyroll.enrollment_link(&secret)?;
        let qr = qr_code(&link)?;
        Ok(NewLink { job: stored, link, qr })
    }

    /// Takes a link back; it leads nowhere from then on.
    pub async fn revoke_job(&self, id: BindingJobId) -> Result<Job> {
        let realm = self.allow_after_touch(Permission::BindingJobsRevoke)?;
        let mut work = self.work(realm).await?;
        let job = work.tx.open_job(realm, id).await?.ok_or(Error::NotFound("binding job"))?;
        let name = work.tx.identity(realm, job.identity).await?.ok_or(Error::NotFound("identity"))?.display_name;
        let ended = Error::Conflict("This link has ended already. There is nothing left to revoke.");
        let Ok(revoked) = job.job.revoke(work.now) else { return Err(ended) };
        let told = Told::new(EventKind::BindingJobRevoked, Target::BindingJob(id), &name).of(job.identity);
        if !work.advance(&job, &revoked, told).await? {
            return Err(Error::Stale);
        }
        let job = work.tx.job(realm, id).await?.ok_or(Error::NotFound("binding job"))?;
        work.commit().await?;
        Ok(job)
    }
}

impl Keyroll {
    /// What every enrollment link begins with.
    pub(crate) fn enrollment_address(&self) -> String {
        format!("{}/enroll/", self.public_url().origin().ascii_serialization())
    }

    pub(crate) fn enrollment_link(&self, secret: &Secret) -> Result<String> {
        let url = self.public_url().join(&format!("/enroll/{}", secret.reveal()));
        url.map(String::from).map_err(|_| Error::Internal("the public URL cannot be joined with a path"))
    }
}

impl Work {
    /// A job whose link has this secret, with its event.
    pub(crate) async fn begin_job(
        &mut self,
        realm: RealmId,
        identity: &Identity,
        secret: &Secret,
        delivery: DeliveryMethod,
        kept: Kept<'_>,
    ) -> Result<BindingJobId> {
        let id = BindingJobId::from_i64(self.id());
        let expires_at = self.now + self.link_lifetime();
        let job = NewJob {
            id,
            realm,
            identity: identity.id,
            token_hash: secret.hash(),
            delivery,
            redirect_uri: kept.redirect_uri.map(str::to_owned),
            batch: kept.batch,
            at: self.now,
            expires_at,
        };
        self.tx.insert_job(&job).await?;
        self.tx.refresh_enrollment(identity.id).await?;
        let told = Told::new(EventKind::BindingJobCreated, Target::BindingJob(id), &identity.display_name).of(identity.id);
        self.tell(told.with("delivery", delivery.as_str())).await?;
        Ok(id)
    }

    /// Takes every open link of a person back.
    pub(crate) async fn revoke_links(&mut self, realm: RealmId, identity: IdentityId) -> Result<()> {
        // A link that is being made now is seen once its maker is done.
        self.tx.lock_identity(identity).await?;
        let Some(person) = self.tx.identity(realm, identity).await? else { return Ok(()) };
        for job in self.tx.open_jobs_of(identity).await? {
            let now = self.now;
            if let Ok(revoked) = job.job.revoke(now) {
                let told = Told::new(EventKind::BindingJobRevoked, Target::BindingJob(job.id), &person.display_name).of(identity);
                self.advance(&job, &revoked, told).await?;
            }
        }
        Ok(())
    }

    /// Ends open jobs whose time is over, oldest first; how many there were.
    pub(crate) async fn expire_jobs(&mut self, limit: u32) -> Result<usize> {
        let now = self.now;
        let overdue = self.tx.overdue_jobs(now, limit).await?;
        // In the order in which everybody locks people.
        let people: Vec<_> = overdue.iter().map(|job| job.identity).collect();
        self.tx.lock_identities(&people).await?;
        for job in &overdue {
            let Some(expired) = job.job.expire(now) else { continue };
            let Some(identity) = self.tx.identity(job.realm, job.identity).await? else { continue };
            let told = Told::new(EventKind::BindingJobExpired, Target::BindingJob(job.id), &identity.display_name).of(identity.id);
            self.advance(job, &expired, told.in_realm(job.realm)).await?;
        }
        Ok(overdue.len())
    }
}

pub(crate) fn refuse_suspended(identity: &Identity) -> Result<()> {
    let words = "This identity is suspended, so a link would lead nowhere. Reactivate it first.";
    if identity.status == Status::Suspended { Err(Error::Conflict(words)) } else { Ok(()) }
}

/// Medium error correction: half a screen's glare or a scratch does no harm.
fn qr_code(link: &str) -> Result<String> {
    let code = QRBuilder::new(link).ecl(ECL::M).build().map_err(|_| Error::Internal("the link does not fit into a QR code"))?;
    Ok(SvgBuilder::default().to_str(&code))
}
