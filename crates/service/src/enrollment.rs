//! Enrollment: what a person does with a link, until the passkey is stored.

use domain::binding_job::{BindingJob, Ended};
use domain::ceremony::{Ceremony, Enrolled, LinkState, LinkView};
use domain::event::EventKind;
use domain::identity::{EnrollmentStatus, Status};
use domain::record::Identity;
use domain::{BindingJobId, PasskeyId, aaguid};
use storage::{CeremonyKind, NewPasskey, OpenJob, Tx};

use crate::binding_jobs::Kept;
use crate::branding::branding_of;
use crate::context::Actor;
use crate::limits::Tried;
use crate::sign_in::{accepted, parse_answer, rule_of, user_handle};
use crate::webauthn;
use crate::work::{Target, Told, Work};
use crate::{Context, Error, LinkError, Result, Secret, session};

/// An enrollment that came to its end.
#[derive(Debug)]
pub struct Finished {
    pub enrolled: Enrolled,
    /// For the session cookie, where the policy lets the person into the console.
    pub session: Option<Secret>,
}

/// A job with the person it is for.
struct Invited {
    job: OpenJob,
    identity: Identity,
}

/// What a link leads to, whether it can still be used or not.
async fn find(tx: &mut Tx, token: &str) -> Result<Invited> {
    let job = tx.job_by_token(&Secret::presented(token).hash()).await?.ok_or(LinkError::Unknown)?;
    let identity = tx.identity(job.realm, job.identity).await?.ok_or(LinkError::Unknown)?;
    Ok(Invited { job, identity })
}

/// The same from within a transaction that moves the job on: nobody else does until it ends.
async fn find_alone(work: &mut Work, job: BindingJobId, token: &str) -> Result<Invited> {
    work.tx.lock_invited(job).await?;
    find(&mut work.tx, token).await
}

impl Invited {
    fn refuse_if_suspended(&self) -> Result<()> {
        if self.identity.status == Status::Suspended { Err(LinkError::Suspended.into()) } else { Ok(()) }
    }

    fn told(&self, kind: EventKind) -> Told<'_> {
        Told::new(kind, Target::BindingJob(self.job.id), &self.identity.display_name).of(self.identity.id)
    }
}

impl Work {
    /// Writes a job's transition with its event; `false` where somebody else moved the job first.
    pub(crate) async fn advance(&mut self, job: &OpenJob, to: &BindingJob, told: Told<'_>) -> Result<bool> {
        let (step, now, device) = (self.id(), self.now, self.device());
        let moved = self.tx.advance_job(job.id, job.job.state(), to, step, now, &device).await?;
        if moved {
            self.tx.refresh_enrollment(job.identity).await?;
            self.tell(told).await?;
        }
        Ok(moved)
    }
}

impl Context {
    /// What the link leads to. Looking changes nothing: mail scanners and link previews do it.
    pub async fn view_link(&self, token: &str) -> Result<LinkView> {
        let mut tx = self.read().await?;
        let (realm, state) = match find(&mut tx, token).await {
            Ok(invited) => (invited.job.realm, self.link_state(&invited)),
            Err(Error::Link(LinkError::Unknown)) => (self.keyroll.realm().await?, LinkState::Unknown),
            Err(error) => return Err(error),
        };
        Ok(LinkView { appearance: branding_of(&mut tx, realm).await?.appearance(), state })
    }

    fn link_state(&self, Invited { job, identity }: &Invited) -> LinkState {
        match job.job.still_open(self.now()) {
            Err(why) => LinkState::Ended { why, asked: job.link_requested_at.is_some() },
            Ok(_) if identity.status == Status::Suspended => LinkState::Suspended,
            Ok(open) => LinkState::Open {
                display_name: identity.display_name.clone(),
                username: identity.username.clone(),
                expires_at: open.expires_at,
            },
        }
    }

    /// The person's browser shows the page.
    pub async fn open_link(&self, token: &str) -> Result<()> {
        self.limit(Tried::Enrollment).await?;
        let invited = find(&mut self.read().await?, token).await?;
        let opened = match invited.job.job.open(self.now()) {
            // The person was quicker than their page's word that it is seen.
            Err(Ended::Used) => return Ok(()),
            opened => opened?,
        };
        invited.refuse_if_suspended()?;
        if opened == invited.job.job {
            return Ok(());
        }
        let mut work = self.work(invited.job.realm).await?;
        // Somebody who was first has opened it, or ended it: the next step will tell.
        work.advance(&invited.job, &opened, invited.told(EventKind::BindingJobOpened)).await?;
        work.commit().await
    }

    /// Hands the browser the creation options (Web Authentication Level 3, §5.4).
    pub async fn begin_enrollment(&self, token: &str) -> Result<Ceremony> {
        self.limit(Tried::Enrollment).await?;
        let found = find(&mut self.read().await?, token).await?;
        let mut work = self.work(found.job.realm).await?;
        let mut invited = find_alone(&mut work, found.job.id, token).await?;
        // Whoever is quicker than their page's word that it is seen has seen it, too.
        let opened = invited.job.job.open(work.now)?;
        invited.refuse_if_suspended()?;
        if opened != invited.job.job {
            work.advance(&invited.job, &opened, invited.told(EventKind::BindingJobOpened)).await?;
            invited.job.job = opened;
        }
        let delivered = invited.job.job.deliver(work.now)?;
        let identity = &invited.identity;
        let exclude = work.tx.active_credential_ids(identity.id).await?;
        let handle = user_handle(invited.job.realm, identity.id);
        let begun = self.keyroll.parts().relying_party.begin_registration(handle, &identity.username, &identity.display_name, &exclude)?;
        let ceremony = self.keyroll.keep_ceremony(&mut work.tx, CeremonyKind::Enrollment(invited.job.id), &begun).await?;
        if delivered != invited.job.job && !work.advance(&invited.job, &delivered, invited.told(EventKind::BindingJobDelivered)).await? {
            return Err(Error::CeremonyOver);
        }
        work.commit().await?;
        Ok(ceremony)
    }

    /// Verifies the answer (`RegistrationResponseJSON`, Web Authentication Level 3, §7.1), stores the passkey and uses
    /// the link up, both or neither. A failed attempt leaves the link as it was.
    pub async fn finish_enrollment(&self, token: &str, ceremony: &str, response: &str) -> Result<Finished> {
        let answer = parse_answer(response)?;
        self.limit(Tried::Enrollment).await?;
        let found = find(&mut self.read().await?, token).await?;
        found.job.job.still_open(self.now())?;
        let state = self.keyroll.take_ceremony(ceremony, &CeremonyKind::Enrollment(found.job.id)).await?;
        match self.keyroll.parts().relying_party.finish_registration(&state, &answer) {
            Ok(made) => self.store_passkey(token, made).await,
            Err(error) => {
                let mut work = self.work(found.job.realm).await?;
                work.tell(found.told(EventKind::EnrollmentFailed).denied().with("reason", error.code())).await?;
                work.commit().await?;
                Err(error.into())
            }
        }
    }

    async fn store_passkey(&self, token: &str, made: webauthn::NewPasskey) -> Result<Finished> {
        let found = find(&mut self.read().await?, token).await?.job;
        let realm = found.realm;
        let mut work = self.work(realm).await?;
        let invited = find_alone(&mut work, found.id, token).await?;
        invited.refuse_if_suspended()?;
        let identity = &invited.identity;
        let passkey = NewPasskey {
            id: PasskeyId::from_i64(work.id()),
            realm,
            identity: identity.id,
            credential_id: made.credential_id,
            credential: made.credential,
            aaguid: made.aaguid,
            name: aaguid::passkey_name(&made.aaguid, &self.request.user_agent),
            backup_eligible: made.backup_eligible,
            backup_state: made.backup_state,
            at: work.now,
        };
        let complete = invited.job.job.complete(passkey.id, work.now)?;
        work.tx.insert_passkey(&passkey).await?;
        if !work.advance(&invited.job, &complete, invited.told(EventKind::BindingJobCompleted)).await? {
            return Err(Ended::Used.into());
        }
        let told = Told::new(EventKind::PasskeyCreated, Target::Passkey(passkey.id), &passkey.name).of(identity.id);
        work.tell(told.with("aaguid", aaguid::hyphenated(&made.aaguid))).await?;
        let session = self.sign_in_enrolled(&mut work, &invited, passkey.id).await?;
        let accepted = accepted(&mut work.tx, self.keyroll.rp_id(), realm, identity).await?;
        work.commit().await?;
        let continue_to = invited.job.redirect_uri;
        Ok(Finished { enrolled: Enrolled { passkey: passkey.name, accepted, signed_in: session.is_some(), continue_to }, session })
    }

    /// An administrator goes straight in. Their other open links end: a link to an administrator's entry that lies
    /// about in a terminal would be a key under the mat.
    async fn sign_in_enrolled(&self, work: &mut Work, invited: &Invited, passkey: PasskeyId) -> Result<Option<Secret>> {
        let (realm, identity) = (invited.job.realm, &invited.identity);
        let presented = work.tx.presented_passkey(passkey).await?.ok_or(Error::Internal("a passkey just stored is gone"))?;
        let access = session::access(&mut work.tx, realm, identity.id, identity.status, &presented).await?;
        if !access.is_allowed() {
            return Ok(None);
        }
        work.act_as(Actor::Person { identity: identity.id, name: identity.display_name.clone(), username: identity.username.clone() });
        work.revoke_links(realm, identity.id).await?;
        let told = Told::new(EventKind::SignInAllowed, Target::Identity(identity.id), &identity.display_name);
        let told = told.with("rule", rule_of(access.outcome));
        work.tell(told.with("passkey", passkey.to_string())).await?;
        session::open(work, realm, identity.id, passkey).await.map(Some)
    }

    /// Tells the administrators that the person wants a new link in place of one that has ended, once a link; or that
    /// somebody holds one that is not known, a few times an hour.
    pub async fn ask_for_link(&self, token: &str) -> Result<()> {
        self.limit(Tried::Enrollment).await?;
        let found = find(&mut self.read().await?, token).await;
        let invited = match found {
            Err(Error::Link(LinkError::Unknown)) => return self.tell_of_unknown_link().await,
            found => found?,
        };
        if invited.job.job.still_open(self.now()).is_ok() {
            return Err(Error::Conflict("This link still works. Open it again to create your passkey."));
        }
        let mut work = self.work(invited.job.realm).await?;
        let now = work.now;
        work.tx.lock_identity(invited.identity.id).await?;
        let new = work.tx.request_link(invited.job.id, now).await?;
        if new {
            work.tell(invited.told(EventKind::LinkRequested)).await?;
            self.grant_link(&mut work, &invited).await?;
        }
        work.commit().await?;
        if new {
            self.wake_sender();
        }
        Ok(())
    }

    /// Where the settings say so, a new link goes to the address on file at once, a few times a day, in place of one that
    /// ran out of time. Everything else waits for an administrator: a used link in an old mail must not open an entry
    /// again, and what was taken back was taken back for a reason.
    async fn grant_link(&self, work: &mut Work, invited: &Invited) -> Result<()> {
        let expired = invited.job.job.still_open(work.now) == Err(Ended::Expired);
        if !self.keyroll.parts().settings.grant_links || !expired {
            return Ok(());
        }
        let Some(identity) = work.tx.identity(invited.job.realm, invited.identity.id).await? else { return Ok(()) };
        if identity.status == Status::Suspended || identity.email.is_none() || identity.enrollment == EnrollmentStatus::Enrolled {
            return Ok(());
        }
        match self.take_try(&mut work.tx, Tried::Granted(identity.id)).await {
            Err(Error::TooMany { .. }) => Ok(()),
            taken => {
                taken?;
                work.act_as(Actor::System);
                let kept = Kept { redirect_uri: invited.job.redirect_uri.as_deref(), ..Kept::default() };
                work.invite_by_mail(invited.job.realm, &identity, kept).await.map(|_| ())
            }
        }
    }

    /// Whose it was nobody can tell: the event says from where.
    async fn tell_of_unknown_link(&self) -> Result<()> {
        self.limit(Tried::UnknownLink).await?;
        self.limit(Tried::UnknownLinks).await?;
        let realm = self.keyroll.realm().await?;
        let mut work = self.work(realm).await?;
        let device = work.device();
        let told = Told::new(EventKind::LinkRequested, Target::Realm, "A link that is not known");
        work.tell(if device.is_empty() { told } else { told.with("device", device) }).await?;
        work.commit().await
    }
}
