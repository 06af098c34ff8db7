//! Sending: takes mails out of the outbox one after the other, a few at a time, and writes down how each went.
//!
//! A mail is marked before its text leaves. Whoever dies before the mark has sent nothing, and the mail is taken again;
//! whoever dies after it may have sent it, and it is not. So a mail is sent once, or, where SMTP leaves it open, at most once.

use std::sync::Arc;
use std::time::Duration;

use domain::branding::Branding;
use domain::event::EventKind;
use domain::identity::Status;
use domain::mail::MailState;
use domain::record::Identity;
use domain::time::Span;
use domain::{BindingJobId, Timestamp};
use storage::{ClaimedMail, MailLogo, OpenJob, Settled};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::files;
use super::message::{Invitation, NO_ADDRESS, Ready};
use super::outcome::Outcome;
use super::post::{FIRST_REST, Post};
use super::settings::{MailSettings, SmtpServer, Way};
use super::smtp::{Handed, Trouble};
use crate::branding::branding_of;
use crate::work::{Target, Told, Work};
use crate::{Error, Keyroll, Result};

/// Mails under way at the same time.
const AT_ONCE: usize = 4;
/// How long a mail is its sender's; kept up while the sender lives.
const LEASE: Span = Span::seconds(30);
const BEAT: Duration = Duration::from_secs(10);
/// Even without news the outbox is looked at this often: another process may have filled it, or gone away.
const LOOK: Duration = Duration::from_secs(5);
/// How often it is tried to write down how a mail went.
const SETTLING: u32 = 10;
/// How long mails under way may take to their end once the process is to stop.
const FAREWELL: Duration = Duration::from_secs(20);
/// Mails of dead processes that are settled at once.
const BATCH: u32 = 100;

const NOT_BUILT: &str = "The mail could not be put together. Keyroll’s log says why.";

/// What was done about a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// None was due.
    Nothing,
    /// One was settled, this way or that.
    Settled(MailState),
    /// The server cannot be used; the mail waits.
    Unreachable,
}

/// Sends what is due until it is told to stop; mails that are under way then are brought to their end, where that is near.
pub(crate) async fn run(keyroll: Keyroll, mut stopped: watch::Receiver<bool>) {
    let post = Arc::new(Post::default());
    let mut senders = JoinSet::new();
    let sender = |stopped: &watch::Receiver<bool>| send_on(keyroll.clone(), Arc::clone(&post), stopped.clone());
    for _ in 0..AT_ONCE {
        senders.spawn(sender(&stopped));
    }
    // Whatever one mail does to whoever sends it, the others are sent.
    while let Some(Err(broken)) = tokio::select! {
        ended = senders.join_next() => ended,
        _ = stopped.changed() => None,
    } {
        tracing::error!(error = &broken as &dyn std::error::Error, "a sender of mails broke down; another one goes on");
        senders.spawn(sender(&stopped));
    }
    let ended = async { while senders.join_next().await.is_some() {} };
    // One whose server is silent is written down as what it is by whoever comes next.
    if tokio::time::timeout(FAREWELL, ended).await.is_ok() {
        post.close().await;
    }
}

async fn send_on(keyroll: Keyroll, post: Arc<Post>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let rest = match keyroll.send_next_mail(&post).await {
            Ok(Tried::Nothing) => {
                post.close_unused().await;
                let pause = keyroll.until_next_mail().await;
                tokio::select! {
                    () = tokio::time::sleep(pause) => continue,
                    () = keyroll.parts().mail_queued.notified() => continue,
                    _ = stopped.wait_for(|stopped| *stopped) => return,
                }
            }
            Ok(tried) => post.rest(tried).await,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "mails cannot be sent just now");
                Some(FIRST_REST)
            }
        };
        // A server that is left alone is not asked again because another mail was written.
        let Some(rest) = rest else { continue };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
    }
}

/// A mail under way, with all that its message is made of.
struct Claimed {
    mail: ClaimedMail,
    job: OpenJob,
    expires_at: Timestamp,
    identity: Identity,
    branding: Branding,
    logo: Option<MailLogo>,
    link: String,
}

impl Keyroll {
    /// Sends the mail that has been due for longest.
    pub async fn send_next_mail(&self, post: &Post) -> Result<Tried> {
        let settings = &self.parts().settings.mail;
        if self.store().read().await?.next_mail().await?.is_none_or(|due| due > self.now()) {
            return Ok(Tried::Nothing);
        }
        self.settle_unheard_mails().await?;
        let claimed = match self.claim_mail().await? {
            Claim::Nothing => return Ok(Tried::Nothing),
            Claim::Dropped => return Ok(Tried::Settled(MailState::Dropped)),
            Claim::Mail(claimed) => claimed,
        };
        let outcome = self.kept(&claimed.mail, Box::pin(self.deliver(post, settings, &claimed))).await?;
        let Some(outcome) = outcome else { return Ok(Tried::Settled(MailState::Dropped)) };
        self.settle_surely(&claimed.mail, &outcome).await?;
        Ok(if outcome.unreachable { Tried::Unreachable } else { Tried::Settled(outcome.state) })
    }

    /// How long until a mail is due.
    async fn until_next_mail(&self) -> Duration {
        let next = async { self.store().read().await?.next_mail().await }.await;
        let Ok(Some(next)) = next else { return LOOK };
        let micros = u64::try_from((next - self.now()).micros()).unwrap_or(0);
        Duration::from_micros(micros).clamp(Duration::from_millis(50), LOOK)
    }

    /// Takes a mail and gives its link a secret, which from here on is in the message and nowhere else.
    async fn claim_mail(&self) -> Result<Claim> {
        let realm = self.realm().await?;
        let mut work = self.system(realm).work(realm).await?;
        let now = work.now;
        let Some(mail) = work.tx.claim_mail(now, now + LEASE).await? else { return Ok(Claim::Nothing) };
        let job = work.tx.open_job(mail.realm, mail.job).await?.ok_or(Error::Internal("a mail without its job"))?;
        let identity = work.tx.identity(mail.realm, job.identity).await?.ok_or(Error::Internal("a job without its identity"))?;
        let open = match job.job.still_open(now) {
            Err(_) => Err("Its link ended before the mail could leave."),
            Ok(_) if identity.status == Status::Suspended => Err("The identity was suspended before the mail could leave."),
            Ok(_) if identity.email.as_deref() != Some(&mail.recipient) => {
                Err("The address on file has changed since. Send it again to the new one.")
            }
            Ok(open) => Ok(open),
        };
        let open = match open {
            Ok(open) => open,
            Err(why) => {
                let before = work.tx.mail(mail.realm, mail.job).await?.map(|mail| mail.words).unwrap_or_default();
                let words = if before.is_empty() { why.to_owned() } else { format!("{why} {before}") };
                work.tx.settle_mail(&mail, &Settled { state: MailState::Dropped, due_at: now, words: &words }, now).await?;
                work.commit().await?;
                return Ok(Claim::Dropped);
            }
        };
        let secret = work.secret();
        work.tx.renew_link(mail.job, &secret.hash()).await?;
        let branding = branding_of(&mut work.tx, mail.realm).await?;
        let logo = work.tx.mail_logo(mail.realm, &branding.logo).await?;
        let link = self.enrollment_link(&secret)?;
        work.commit().await?;
        Ok(Claim::Mail(Box::new(Claimed { mail, job, expires_at: open.expires_at, identity, branding, logo, link })))
    }

    /// Builds the message and brings it on its way; `None` where it must not leave any more.
    async fn deliver(&self, post: &Post, settings: &MailSettings, claimed: &Claimed) -> Result<Option<Outcome>> {
        let invitation = Invitation {
            job: claimed.mail.job,
            attempt: claimed.mail.attempt,
            name: &claimed.identity.display_name,
            recipient: &claimed.mail.recipient,
            branding: &claimed.branding,
            logo: claimed.logo.as_ref(),
            link: &claimed.link,
            expires_at: claimed.expires_at,
            now: self.now(),
        };
        // Whatever one mail does to whoever lays it out, the others are sent.
        let built = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| invitation.build(settings)));
        let message = match built {
            Ok(Ok(Some(message))) => message,
            Ok(Ok(None)) => return Ok(Some(Outcome::of(MailState::Failed, NO_ADDRESS))),
            Ok(Err(error)) => {
                tracing::error!(error = &error as &dyn std::error::Error, job = %claimed.mail.job, "a mail cannot be put together");
                return Ok(Some(Outcome::of(MailState::Queued, NOT_BUILT)));
            }
            Err(_) => return Ok(Some(Outcome::of(MailState::Queued, NOT_BUILT))),
        };
        post.pace(settings).await;
        match &settings.way {
            Way::Files(folder) => Ok(Some(write(folder.clone(), claimed.job.id, message).await)),
            Way::Server(server) => self.send(post, server, &claimed.mail, &message).await,
        }
    }

    /// Keeps the mail ours for as long as the act takes.
    async fn kept<T>(&self, mail: &ClaimedMail, act: impl Future<Output = Result<T>>) -> Result<T> {
        let mut act = std::pin::pin!(act);
        loop {
            tokio::select! {
                done = &mut act => return done,
                () = tokio::time::sleep(BEAT) => {
                    // What is under way goes on: its answer is worth more than the lease.
                    if let Err(error) = self.keep(mail).await {
                        tracing::warn!(error = &error as &dyn std::error::Error, job = %mail.job, "a mail under way cannot be kept");
                    }
                }
            }
        }
    }

    async fn keep(&self, mail: &ClaimedMail) -> Result<()> {
        let mut tx = self.store().write().await?;
        tx.keep_mail(mail, self.now() + LEASE).await?;
        Ok(tx.commit().await?)
    }

    async fn send(&self, post: &Post, server: &SmtpServer, mail: &ClaimedMail, message: &Ready) -> Result<Option<Outcome>> {
        let mut session = match post.session(server).await {
            Ok(session) => session,
            Err(words) => return Ok(Some(Trouble::Server(words).into())),
        };
        if let Err(trouble) = session.offer(&message.from, &message.to).await {
            return Ok(Some(trouble.into()));
        }
        let mut tx = self.store().write().await?;
        let now = self.now();
        let ours = tx.hand_mail_over(mail, now, now + LEASE).await?;
        if !ours {
            let words = "Its link ended before the mail could leave.";
            tx.settle_mail(mail, &Settled { state: MailState::Dropped, due_at: now, words }, now).await?;
        }
        tx.commit().await?;
        if !ours {
            return Ok(None);
        }
        let handed = session.hand_over(&message.text).await;
        if matches!(handed, Handed::Taken) {
            post.give_back(session).await;
        }
        Ok(Some(handed.into()))
    }

    /// Writes down how it went, however often it takes: what was heard once is not heard again.
    async fn settle_surely(&self, mail: &ClaimedMail, outcome: &Outcome) -> Result<()> {
        for _ in 0..SETTLING {
            match self.settle(mail, outcome).await {
                Ok(()) => return Ok(()),
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, job = %mail.job, "what became of a mail cannot be written down yet");
                    tokio::time::sleep(FIRST_REST).await;
                }
            }
        }
        self.settle(mail, outcome).await
    }

    /// Writes down how it went, and tells.
    async fn settle(&self, mail: &ClaimedMail, outcome: &Outcome) -> Result<()> {
        let mut work = self.system(mail.realm).work(mail.realm).await?;
        let now = work.now;
        work.tx.lock_invited(mail.job).await?;
        let due_at = if outcome.state == MailState::Queued { now + pause(mail.attempt, self.parts().randomness.bytes()[0]) } else { now };
        if outcome.state == MailState::Queued {
            tracing::warn!(job = %mail.job, attempt = mail.attempt, words = outcome.words, "a mail could not be sent and will be tried again");
        }
        let settled = Settled { state: outcome.state, due_at, words: &outcome.words };
        if work.tx.settle_mail(mail, &settled, now).await? {
            work.tell_of_mail(mail, outcome.state, &outcome.words).await?;
        }
        work.commit().await
    }

    /// Mails whose process died after the mark: nobody knows whether they arrived.
    async fn settle_unheard_mails(&self) -> Result<()> {
        let now = self.now();
        let unheard = self.store().read().await?.unheard_mails(now, BATCH).await?;
        let words = "Keyroll stopped while the mail server had it: it may have arrived.";
        for mail in unheard {
            let mut work = self.system(mail.realm).work(mail.realm).await?;
            work.tx.lock_invited(mail.job).await?;
            if work.tx.give_mail_up(&mail, words, now).await? {
                work.tell_of_mail(&mail, MailState::Uncertain, words).await?;
            }
            work.commit().await?;
        }
        Ok(())
    }
}

enum Claim {
    Nothing,
    /// Its link had ended.
    Dropped,
    Mail(Box<Claimed>),
}

async fn write(folder: std::path::PathBuf, job: BindingJobId, message: Ready) -> Outcome {
    let Ready { to, text, .. } = message;
    let written = tokio::task::spawn_blocking(move || files::write(&folder, job, &text)).await;
    match written.unwrap_or_else(|_| Err(std::io::Error::other("the writing broke off"))) {
        Ok(path) => {
            tracing::info!(to = %to, file = %path.display(), "a mail was written into a file: no mail server is set");
            Outcome::sent()
        }
        Err(error) => {
            Outcome { unreachable: true, ..Outcome::of(MailState::Queued, format!("The mail cannot be written into its file: {error}")) }
        }
    }
}

/// Before the next try: a minute, doubled with each one up to an hour, and spread by a fifth.
fn pause(attempt: u32, spread: u8) -> Span {
    let minutes = 1_i64 << attempt.saturating_sub(1).min(6);
    let seconds = (minutes * 60).min(3_600);
    Span::seconds(seconds + seconds * i64::from(spread) / (5 * 255))
}

impl Work {
    async fn tell_of_mail(&mut self, mail: &ClaimedMail, state: MailState, words: &str) -> Result<()> {
        let kind = match state {
            MailState::Sent => EventKind::MailSent,
            MailState::Failed => EventKind::MailFailed,
            MailState::Uncertain => EventKind::MailUncertain,
            MailState::Queued | MailState::Sending | MailState::HandedOver | MailState::Dropped => return Ok(()),
        };
        let Some(job) = self.tx.open_job(mail.realm, mail.job).await? else { return Ok(()) };
        let Some(identity) = self.tx.identity(mail.realm, job.identity).await? else { return Ok(()) };
        let told = Told::new(kind, Target::BindingJob(mail.job), &identity.display_name).of(identity.id);
        let told = told.with("address", &mail.recipient);
        let told = if words.is_empty() { told } else { told.with("reason", words) };
        match job.job.fail_to_send().filter(|_| state == MailState::Failed) {
            Some(failed) => self.advance(&job, &failed, told.denied()).await.map(|_| ()),
            None => self.tell(told).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        let minutes: Vec<i64> = (1..10).map(|attempt| pause(attempt, 0).micros() / 60_000_000).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(pause(1, 255), Span::seconds(72));
        assert_eq!(pause(u32::MAX, 0), Span::hours(1));
    }
}
