//! One conversation with a mail server (RFC 5321), phase by phase: what failed before the text left is tried again, what
//! failed after may have arrived.

use std::time::Duration;

use lettre::address::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};

use super::settings::{Protection, SmtpServer};

/// A mail did not leave.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The server itself cannot be used now: none of the mails can leave.
    Server(String),
    /// This mail, not now.
    Later(String),
    /// This mail, not ever.
    Refused(String),
}

/// What became of a text that was given to the server.
#[derive(Debug)]
pub(super) enum Handed {
    Taken,
    Later(String),
    Refused(String),
    /// No answer was heard: it may have been taken.
    Unheard(String),
}

impl Handed {
    /// What kept it from being taken.
    pub(super) fn words(self) -> Result<(), String> {
        match self {
            Self::Taken => Ok(()),
            Self::Later(words) | Self::Refused(words) | Self::Unheard(words) => Err(words),
        }
    }
}

/// A connection that has got past greeting, TLS and authentication.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    command: Duration,
    taken: Duration,
}

impl Session {
    /// Connects, protects the connection as the settings ask for, and authenticates.
    pub(super) async fn open(server: &SmtpServer) -> Result<Self, String> {
        let (command, taken) = (server.timeouts.command, server.timeouts.taken);
        let hello = ClientId::default();
        let tls = || TlsParameters::new(server.host.clone()).map_err(|error| said(&error));
        let implicit = if server.protection == Protection::Implicit { Some(tls()?) } else { None };
        let host = server.host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let connecting =
            AsyncSmtpConnection::connect_tokio1((host.as_str(), server.port), Some(server.timeouts.connect), &hello, implicit, None);
        let mut connection = within(server.timeouts.connect + command, connecting).await?;
        let upgrade = match server.protection {
            Protection::Required if !connection.can_starttls() => {
                return Err("The server does not offer TLS, which the settings require.".into());
            }
            Protection::Required => true,
            Protection::Opportunistic => connection.can_starttls(),
            Protection::Implicit | Protection::Plain => false,
        };
        if upgrade {
            within(command, connection.starttls(tls()?, &hello)).await?;
        }
        if let Some(credentials) = &server.credentials {
            if server.protection == Protection::Opportunistic && !connection.is_encrypted() {
                return Err("The server does not offer TLS, and the password is not sent without. Write ?tls=none where it may be.".into());
            }
            within(command, connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
        }
        Ok(Self { connection, command, taken })
    }

    /// Offers a mail: sender, recipient, and the word that the text follows.
    pub(super) async fn offer(&mut self, from: &Address, to: &Address) -> Result<(), Trouble> {
        let mut parameters = Vec::new();
        if !AsRef::<str>::as_ref(to).is_ascii() || !AsRef::<str>::as_ref(from).is_ascii() {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Trouble::Refused("The mail server takes addresses in ASCII only.".into()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        self.say(Mail::new(Some(from.clone()), parameters)).await.map_err(|failed| Trouble::Server(failed.words))?;
        self.say(Rcpt::new(to.clone(), Vec::new())).await.map_err(Failed::of_this_mail)?;
        self.say(Data).await.map_err(Failed::of_this_mail)
    }

    async fn say(&mut self, command: impl std::fmt::Display) -> Result<(), Failed> {
        match tokio::time::timeout(self.command, self.connection.command(command)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Failed { words: said(&error), permanent: error.is_permanent() }),
            Err(_) => Err(Failed { words: SILENT.into(), permanent: false }),
        }
    }

    /// Whether the server is still there; forgets whatever was offered.
    pub(super) async fn is_alive(&mut self) -> bool {
        self.say(Rset).await.is_ok()
    }

    /// Gives the text away.
    pub(super) async fn hand_over(&mut self, text: &[u8]) -> Handed {
        match tokio::time::timeout(self.taken, self.connection.message(text)).await {
            Ok(Ok(_)) => Handed::Taken,
            Ok(Err(error)) if error.is_permanent() => Handed::Refused(said(&error)),
            Ok(Err(error)) if error.is_transient() => Handed::Later(said(&error)),
            Ok(Err(error)) => Handed::Unheard(said(&error)),
            Err(_) => Handed::Unheard(SILENT.into()),
        }
    }

    /// Says goodbye; nothing depends on whether it is heard.
    pub(super) async fn close(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(2), self.connection.quit()).await;
    }
}

struct Failed {
    words: String,
    permanent: bool,
}

impl Failed {
    fn of_this_mail(self) -> Trouble {
        if self.permanent { Trouble::Refused(self.words) } else { Trouble::Later(self.words) }
    }
}

const SILENT: &str = "The mail server did not answer in time.";

async fn within<T>(limit: Duration, act: impl Future<Output = Result<T, SmtpError>>) -> Result<T, String> {
    match tokio::time::timeout(limit, act).await {
        Ok(done) => done.map_err(|error| said(&error)),
        Err(_) => Err(SILENT.into()),
    }
}

/// Characters of a server's words that are kept.
const LONGEST: usize = 300;

/// What the server said, or what kept it from being heard.
fn said(error: &SmtpError) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let words = match error.status() {
        Some(code) => format!("The mail server answered: {code} {source}"),
        None if error.is_tls() => format!("The server’s certificate or its TLS cannot be trusted: {source}"),
        None if error.is_timeout() => SILENT.to_owned(),
        None if error.is_client() => format!("The mail server cannot do what is needed: {source}"),
        None => format!("The mail server cannot be reached: {}", if source.is_empty() { "the connection broke" } else { &source }),
    };
    words.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
}
