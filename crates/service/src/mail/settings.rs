//! How mails leave, and in whose name.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::address::Address;
use lettre::message::Mailbox;
use lettre::message::dkim::{DkimConfig, DkimSigningAlgorithm, DkimSigningKey};
use lettre::transport::smtp::authentication::Credentials;
use url::Url;

/// A setting of the mail that cannot be used; the words follow its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WrongMailSetting(pub String);

fn wrong(words: impl Into<String>) -> WrongMailSetting {
    WrongMailSetting(words.into())
}

/// Where mails go.
#[derive(Debug, Clone)]
pub enum Way {
    Server(SmtpServer),
    /// Into a folder, a file each: no server is set.
    Files(PathBuf),
}

#[derive(Debug, Clone)]
pub struct MailSettings {
    pub way: Way,
    pub sender: Mailbox,
    pub reply_to: Option<Mailbox>,
    /// Mails per second at most.
    pub pace: Option<NonZeroU32>,
    dkim: Option<Arc<DkimConfig>>,
}

impl MailSettings {
    #[must_use]
    pub fn new(way: Way, sender: Mailbox) -> Self {
        Self { way, sender, reply_to: None, pace: None, dkim: None }
    }

    /// Mails as files, in the name of the public address's host.
    #[must_use]
    pub fn into_files(folder: PathBuf, public_url: &Url) -> Self {
        let host = public_url.domain().unwrap_or("localhost");
        let address = Address::new("keyroll", host).unwrap_or_else(|_| Address::new("keyroll", "localhost").expect("this is an address"));
        Self::new(Way::Files(folder), Mailbox::new(Some("Keyroll".into()), address))
    }

    /// Signs mails (RFC 6376) for the sender's domain, under the selector whose record holds the public key. `key` is a PEM
    /// text of an RSA key (PKCS #1), or the base64 of an Ed25519 one.
    pub fn sign(&mut self, selector: &str, key: &str) -> Result<(), WrongMailSetting> {
        let key = key.trim();
        let algorithm = if key.starts_with("-----") { DkimSigningAlgorithm::Rsa } else { DkimSigningAlgorithm::Ed25519 };
        let key = DkimSigningKey::new(key, algorithm).map_err(|_| {
            wrong("holds no key for DKIM; it has to be an RSA key as \"BEGIN RSA PRIVATE KEY\", or the base64 of an Ed25519 one")
        })?;
        let domain = self.sender.email.domain().to_owned();
        self.dkim = Some(Arc::new(DkimConfig::default_config(selector.to_owned(), domain, key)));
        Ok(())
    }

    pub(super) fn dkim(&self) -> Option<&DkimConfig> {
        self.dkim.as_deref()
    }
}

/// How the connection to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// TLS from the first byte (RFC 8314, §3.3).
    Implicit,
    /// STARTTLS (RFC 3207), or no mail.
    Required,
    /// STARTTLS where the server offers it.
    Opportunistic,
    /// None.
    Plain,
}

impl Protection {
    /// In words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Implicit => "TLS",
            Self::Required => "TLS required (STARTTLS)",
            Self::Opportunistic => "TLS where the server offers it",
            Self::Plain => "not encrypted",
        }
    }
}

/// How long the server may take for an answer.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    pub connect: Duration,
    pub command: Duration,
    /// Once it has the whole mail (RFC 5321, §4.5.3.2.6).
    pub taken: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(15), command: Duration::from_mins(1), taken: Duration::from_mins(10) }
    }
}

/// An SMTP server (RFC 5321).
#[derive(Debug, Clone)]
pub struct SmtpServer {
    pub host: String,
    pub port: u16,
    pub protection: Protection,
    pub credentials: Option<Credentials>,
    pub timeouts: Timeouts,
}

impl SmtpServer {
    /// `smtps://user:password@host` for TLS from the first byte; `smtp://host` for STARTTLS where it is offered, with
    /// `?tls=required` or `?tls=none` for always or never.
    pub fn parse(text: &str) -> Result<Self, WrongMailSetting> {
        let expected = || wrong("is not the address of a mail server; write one such as smtps://user:password@mail.example.com");
        let url = Url::parse(text).map_err(|_| expected())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(expected)?.to_owned();
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(expected());
        }
        let mut tls = None;
        for (name, value) in url.query_pairs() {
            if name != "tls" || tls.is_some() {
                return Err(wrong(
                    "asks for something that is not known; behind the address there is ?tls=required, ?tls=opportunistic and ?tls=none",
                ));
            }
            tls = Some(value.into_owned());
        }
        let (protection, port) = match (url.scheme(), tls.as_deref()) {
            ("smtps", None) => (Protection::Implicit, 465),
            ("smtp", Some("required")) => (Protection::Required, 587),
            ("smtp", None | Some("opportunistic")) => (Protection::Opportunistic, 25),
            ("smtp", Some("none")) => (Protection::Plain, 25),
            ("smtps", Some(_)) => return Err(wrong("asks for TLS twice; smtps:// has it from the first byte, ?tls= is for smtp://")),
            ("smtp", Some(_)) => return Err(wrong("asks for TLS in a way that is not known; there is required, opportunistic and none")),
            _ => return Err(expected()),
        };
        let decode = |text: &str| percent_decoded(text).ok_or_else(expected);
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (name, Some(password)) if !name.is_empty() => Some(Credentials::new(decode(name)?, decode(password)?)),
            _ => return Err(wrong("has a user name without a password, or the other way round; the server wants both")),
        };
        Ok(Self { host, port: url.port().unwrap_or(port), protection, credentials, timeouts: Timeouts::default() })
    }

    /// Without what is secret.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// `%40` and the like (RFC 3986, §2.1); `None` where what comes out is no text.
fn percent_decoded(text: &str) -> Option<String> {
    percent_encoding::percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// A mailbox as mail servers know it: the domain in ASCII (RFC 5890). `None` where the text is none.
#[must_use]
pub fn mailbox(text: &str) -> Option<Mailbox> {
    let Mailbox { name, email } = text.parse().ok()?;
    let email = super::message::address(email.as_ref())?;
    Some(Mailbox { name, email })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(String, Protection), String> {
        SmtpServer::parse(text).map(|server| (server.name(), server.protection)).map_err(|error| error.0)
    }

    #[test]
    fn the_address_tells_how_the_connection_is_protected() {
        for (text, name, protection) in [
            ("smtps://mail.example.com", "mail.example.com:465", Protection::Implicit),
            ("smtp://mail.example.com?tls=required", "mail.example.com:587", Protection::Required),
            ("smtp://mail.example.com", "mail.example.com:25", Protection::Opportunistic),
            ("smtp://mail.example.com?tls=opportunistic", "mail.example.com:25", Protection::Opportunistic),
            ("smtp://127.0.0.1:2525?tls=none", "127.0.0.1:2525", Protection::Plain),
            ("smtp://[::1]:2525/?tls=none", "[::1]:2525", Protection::Plain),
        ] {
            assert_eq!(parsed(text), Ok((name.to_owned(), protection)), "{text}");
        }
    }

    #[test]
    fn what_is_no_mail_server_is_refused_in_words() {
        for (text, words) in [
            ("mail.example.com", "is not the address"),
            ("https://mail.example.com", "is not the address"),
            ("smtp://", "is not the address"),
            ("smtp://mail.example.com/inbox", "is not the address"),
            ("smtp://mail.example.com?tls=perhaps", "in a way that is not known"),
            ("smtp://mail.example.com?auth=plain", "asks for something"),
            ("smtps://mail.example.com?tls=required", "asks for TLS twice"),
            ("smtp://ana@mail.example.com", "without a password"),
            ("smtp://:secret@mail.example.com", "without a password"),
        ] {
            let said = parsed(text).unwrap_err();
            assert!(said.contains(words), "{text}: {said}");
            assert!(!said.contains("secret"), "{said}");
        }
    }

    #[test]
    fn name_and_password_may_hold_any_character() {
        let server = SmtpServer::parse("smtps://ana%40example.com:p%2Fa+s&%C3%A9@mail.example.com").unwrap();
        assert_eq!(server.credentials, Some(Credentials::new("ana@example.com".into(), "p/a+s&é".into())));
        assert!(SmtpServer::parse("smtps://ana:%FF@mail.example.com").is_err());
    }

    #[test]
    fn a_senders_domain_is_written_in_ascii() {
        let books = mailbox("Bücher <keys@bücher.example>").unwrap();
        assert_eq!((books.name.as_deref(), books.email.as_ref()), (Some("Bücher"), "keys@xn--bcher-kva.example"));
        assert_eq!(mailbox("keys@[127.0.0.1]"), None);
        assert_eq!(mailbox("nobody"), None);
    }

    #[test]
    fn a_key_that_signs_nothing_is_refused() {
        let mut mail = MailSettings::new(Way::Files("x".into()), "keyroll@example.com".parse().unwrap());
        assert!(mail.sign("mail", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----").is_err());
        assert!(mail.sign("mail", "short").is_err());
        assert!(mail.sign("mail", "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=").is_ok());
        assert!(mail.dkim().is_some());
    }
}
