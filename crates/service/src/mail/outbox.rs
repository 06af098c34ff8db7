//! The mail page: the outbox, the server's settings tried out, and mails that lie in files.

use domain::BindingJobId;
use domain::branding::Branding;
use domain::event::EventKind;
use domain::mail::{MailDesk, MailFilter, MailPage, MailWay, OpenedMail};
use domain::permission::Permission;
use mail_parser::MessageParser;

use super::files;
use super::message::{self, Asker, Ready, address};
use super::settings::{MailSettings, Way};
use super::smtp::{Session, Trouble};
use crate::branding::{branding_of, sample, sample_link};
use crate::context::Actor;
use crate::work::{Target, Told};
use crate::{Context, Error, Keyroll, Result};

const PAGE: u32 = 50;

impl Context {
    /// How mails leave, and how many stand where.
    pub async fn mail_desk(&self) -> Result<MailDesk> {
        let realm = self.allow(Permission::MailRead)?;
        let settings = &self.keyroll.parts().settings.mail;
        let way = match &settings.way {
            Way::Server(server) => MailWay::Server { name: server.name(), protection: server.protection.label().to_owned() },
            Way::Files(folder) => MailWay::Files { folder: folder.display().to_string() },
        };
        let counts = self.read().await?.mail_counts(realm).await?;
        Ok(MailDesk { way, sender: settings.sender.to_string(), counts })
    }

    /// The outbox, the newest first, older than `before`.
    pub async fn mails(&self, filter: Option<MailFilter>, before: Option<BindingJobId>) -> Result<MailPage> {
        let realm = self.allow(Permission::MailRead)?;
        let mut mails = self.read().await?.mails(realm, filter, before, PAGE + 1).await?;
        let more = mails.len() > PAGE as usize;
        mails.truncate(PAGE as usize);
        let next = mails.last().filter(|_| more).map(|mail| mail.job);
        Ok(MailPage { mails, next })
    }

    /// A mail that was written into a file, with its link: whoever reads it could have handed one out.
    pub async fn open_mail(&self, job: BindingJobId) -> Result<OpenedMail> {
        let realm = self.allow(Permission::BindingJobsCreate)?;
        let Way::Files(folder) = &self.keyroll.parts().settings.mail.way else {
            return Err(Error::Conflict("Mails leave by a server here, so there are no files to read."));
        };
        let mut work = self.work(realm).await?;
        let mail = work.tx.mail(realm, job).await?.ok_or(Error::NotFound("mail"))?;
        self.refuse_above(&mut work.tx, realm, mail.identity).await?;
        let open = work.tx.open_job(realm, job).await?.is_some_and(|job| job.job.still_open(work.now).is_ok());
        let path = files::path(folder, job);
        let bytes = tokio::task::spawn_blocking(move || std::fs::read(path)).await.map_err(|_| Error::Internal("a mail cannot be read"))?;
        let gone = Error::Conflict("This mail’s link has ended, and its file was removed. Send a new one if it is still wanted.");
        let bytes = bytes.map_err(|_| if open { Error::NotFound("mail’s file") } else { gone })?;
        let message = MessageParser::default().parse(&bytes).ok_or(Error::Internal("a mail's file is no mail"))?;
        let text = message.body_text(0).unwrap_or_default().into_owned();
        let begin = self.keyroll.enrollment_address();
        let link = text.split_whitespace().find(|word| word.starts_with(&begin)).map(str::to_owned).filter(|_| open);
        let told = Told::new(EventKind::MailRead, Target::BindingJob(job), &mail.display_name).of(mail.identity);
        work.tell(told).await?;
        work.commit().await?;
        Ok(OpenedMail { recipient: mail.recipient, subject: message.subject().unwrap_or_default().to_owned(), text, link })
    }

    /// Tries the server's settings out and says what is wrong with them. No mail is sent.
    pub async fn check_mail(&self) -> Result<String> {
        self.allow(Permission::MailUpdate)?;
        self.keyroll.parts().settings.mail.check().await.map_err(Error::MailServer)
    }

    /// Sends a mail without a link to the actor's own address, at once.
    pub async fn send_test_mail(&self) -> Result<String> {
        let realm = self.allow(Permission::MailUpdate)?;
        let (name, recipient) = self.own_address().await?;
        let mut tx = self.read().await?;
        let branding = branding_of(&mut tx, realm).await?;
        let logo = tx.mail_logo(realm, &branding.logo).await?;
        drop(tx);
        self.keyroll.send_at_once(&name, &recipient, |settings, asker| message::test(settings, asker, &branding, logo.as_ref())).await
    }

    /// Sends an invitation with a link that leads nowhere, as this branding would have it, to the actor's own address.
    pub async fn send_branding_test(&self, branding: Branding) -> Result<String> {
        let realm = self.allow(Permission::MailUpdate)?;
        let branding = branding.parse().map_err(Error::Invalid)?;
        let (rendered, link) = (sample(self, &branding)?, sample_link(self));
        let (name, recipient) = self.own_address().await?;
        let logo = self.read().await?.mail_logo(realm, &branding.logo).await?;
        let build = |settings: &_, asker: Asker<'_>| message::sample(settings, asker, (rendered, &link), &branding, logo.as_ref());
        self.keyroll.send_at_once(&name, &recipient, build).await
    }

    /// The name and the address of who acts.
    async fn own_address(&self) -> Result<(String, String)> {
        let (Some(own), Actor::Person { identity, .. }) = (self.own_realm(), &self.actor) else { return Err(Error::NoAddress) };
        let identity = self.read().await?.identity(own, *identity).await?.ok_or(Error::NotFound("identity"))?;
        Ok((identity.display_name, identity.email.ok_or(Error::NoAddress)?))
    }
}

impl MailSettings {
    /// Connects to the mail server as a mail would; in words what was found, or what is wrong.
    pub async fn check(&self) -> std::result::Result<String, String> {
        match &self.way {
            Way::Files(folder) => Ok(format!("no mail server is set: mails are written into {}", folder.display())),
            Way::Server(server) => {
                let mut session = Session::open(server).await?;
                let alive = session.is_alive().await;
                session.close().await;
                let found = format!("{} answers; {}", server.name(), server.protection.label());
                if alive { Ok(found) } else { Err(format!("{} broke the connection off", server.name())) }
            }
        }
    }
}

impl Keyroll {
    /// Sends one mail past the outbox; in words where it went.
    async fn send_at_once(
        &self,
        name: &str,
        recipient: &str,
        build: impl FnOnce(&MailSettings, Asker<'_>) -> Result<Ready>,
    ) -> Result<String> {
        let settings = &self.parts().settings.mail;
        let wrong = || Error::MailServer("Your address cannot be written to. Correct it on your identity’s page.".to_owned());
        let asker = Asker { name, to: address(recipient).ok_or_else(wrong)?, now: self.now() };
        let message = build(settings, asker)?;
        sent_at_once(settings, &message, recipient).await.map_err(Error::MailServer)
    }
}

async fn sent_at_once(settings: &MailSettings, message: &Ready, recipient: &str) -> std::result::Result<String, String> {
    match &settings.way {
        Way::Files(folder) => {
            let path = files::write_named(folder, "test", &message.text)
                .map_err(|error| format!("The mail cannot be written into its file: {error}"))?;
            Ok(format!("Written into {}", path.display()))
        }
        Way::Server(server) => {
            let mut session = Session::open(server).await?;
            session.offer(&message.from, &message.to).await.map_err(|trouble| match trouble {
                Trouble::Server(words) | Trouble::Later(words) | Trouble::Refused(words) => words,
            })?;
            session.hand_over(&message.text).await.words()?;
            session.close().await;
            Ok(format!("Sent to {recipient}"))
        }
    }
}
