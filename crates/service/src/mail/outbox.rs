//! The mail page: the outbox, the server's settings tried out, and mails that lie in files.

use domain::BindingJobId;
use domain::event::EventKind;
use domain::mail::{MailDesk, MailFilter, MailPage, MailWay, OpenedMail};
use domain::permission::Permission;
use mail_parser::MessageParser;

use super::files;
use super::message::address;
use super::settings::{MailSettings, Way};
use super::smtp::{Session, Trouble};
use crate::branding::branding_of;
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
        let bytes = bytes.map_err(|_| Error::NotFound("mail’s file"))?;
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
        let Actor::Person { identity, .. } = &self.actor else { return Err(Error::NoAddress) };
        let mut tx = self.read().await?;
        let identity = tx.identity(realm, *identity).await?.ok_or(Error::NotFound("identity"))?;
        let organization = branding_of(&mut tx, realm).await?.organization;
        drop(tx);
        let recipient = identity.email.ok_or(Error::NoAddress)?;
        self.keyroll.send_test(&identity.display_name, &recipient, &organization).await.map_err(Error::MailServer)
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
    async fn send_test(&self, name: &str, recipient: &str, organization: &str) -> std::result::Result<String, String> {
        let settings = &self.parts().settings.mail;
        let to = address(recipient).ok_or("Your address cannot be written to. Correct it on your identity’s page.")?;
        let message = super::message::test(settings, name, to, organization, self.now()).map_err(|error| error.words())?;
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
}
