//! Settings: where each may come from, and what it has to be.

mod file;
mod values;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use clap::parser::ValueSource;
use domain::time::Span;
use service::Database;
use service::mail::{MailSettings, Mailbox, SmtpServer, Way, WrongMailSetting};
use url::Url;

use crate::Limits;

/// A thing that can be set.
pub(crate) struct Setting {
    /// The flag without its dashes, and the key in the file.
    pub(crate) name: &'static str,
    /// The environment variable.
    pub(crate) variable: &'static str,
    /// What stands for the value in the help.
    pub(crate) value: &'static str,
    pub(crate) help: &'static str,
    pub(crate) is_switch: bool,
    /// Never printed, not even when it is wrong.
    is_secret: bool,
}

impl Setting {
    const fn new(name: &'static str, variable: &'static str, value: &'static str, help: &'static str) -> Self {
        Self { name, variable, value, help, is_switch: false, is_secret: false }
    }
}

/// Where the others may be written down: the one that is no key of the file.
pub(crate) const CONFIG: Setting =
    Setting::new("config", "KEYROLL_CONFIG", "FILE", "Read settings from this file [default: keyroll.toml, if it is there]");

const LISTEN: Setting = Setting::new("listen", "KEYROLL_LISTEN", "ADDRESS", "Where to listen [default: 127.0.0.1:3000]");
const PUBLIC_URL: Setting = Setting::new(
    "public-url",
    "KEYROLL_PUBLIC_URL",
    "URL",
    "The address that browsers know; passkeys are bound to its host [default: http://localhost and the port]",
);
const DATA: Setting = Setting::new("data", "KEYROLL_DATA", "DIR", "Where the embedded database is kept [default: data]");
const DATABASE_URL: Setting = Setting {
    is_secret: true,
    ..Setting::new("database-url", "KEYROLL_DATABASE_URL", "URL", "A PostgreSQL database, postgres://…, in place of the embedded one")
};
const SITE: Setting = Setting::new("site", "KEYROLL_SITE", "DIR", "Where the built site lies [default: beside the program]");
const LOG_FORMAT: Setting =
    Setting::new("log-format", "KEYROLL_LOG_FORMAT", "FORMAT", "How to write the log, text or json [default: text]");
const LOG_FILTER: Setting =
    Setting::new("log-filter", "KEYROLL_LOG_FILTER", "FILTER", "What to log: a level, or levels by module [default: info,sqlx=warn]");
const TRUST_PROXY: Setting = Setting {
    is_switch: true,
    ..Setting::new(
        "trust-proxy",
        "KEYROLL_TRUST_PROXY",
        "BOOL",
        "Take the client's address from X-Forwarded-For: only behind a proxy that sets it",
    )
};

const EVENTS_RETENTION: Setting = Setting::new(
    "events-retention",
    "KEYROLL_EVENTS_RETENTION",
    "DAYS",
    "Remove events from the audit log after this many days [default: keep them for ever]",
);

const SMTP_URL: Setting = Setting {
    is_secret: true,
    ..Setting::new(
        "smtp-url",
        "KEYROLL_SMTP_URL",
        "URL",
        "The mail server, such as smtps://user:password@mail.example.com [default: mails become files in the data folder]",
    )
};
const MAIL_FROM: Setting =
    Setting::new("mail-from", "KEYROLL_MAIL_FROM", "ADDRESS", "In whose name mails go out, such as 'Example <passkeys@example.com>'");
const MAIL_REPLY_TO: Setting =
    Setting::new("mail-reply-to", "KEYROLL_MAIL_REPLY_TO", "ADDRESS", "Where answers to mails go [default: to whom they come from]");
const MAIL_PACE: Setting =
    Setting::new("mail-pace", "KEYROLL_MAIL_PACE", "NUMBER", "Mails per second at most [default: as many as the server takes]");
const DKIM_SELECTOR: Setting =
    Setting::new("dkim-selector", "KEYROLL_DKIM_SELECTOR", "NAME", "Sign mails; this selector's DNS record holds the public key");
const DKIM_KEY: Setting =
    Setting::new("dkim-key", "KEYROLL_DKIM_KEY", "FILE", "The private key: RSA as \"BEGIN RSA PRIVATE KEY\", or base64 of an Ed25519 one");
const GRANT_LINKS: Setting = Setting {
    is_switch: true,
    ..Setting::new(
        "grant-links",
        "KEYROLL_GRANT_LINKS",
        "BOOL",
        "Mail a new link at once to whoever asks for one in place of one that ran out of time: to the address on file, every eight hours at most",
    )
};

const API_RATE: Setting = Setting::new(
    "api-rate",
    "KEYROLL_API_RATE",
    "NUMBER",
    "Requests per second with one token of the management API; twenty seconds' worth may come at once [default: 50]",
);

/// Everything that can be set.
pub(crate) const SETTINGS: &[Setting] = &[
    LISTEN,
    PUBLIC_URL,
    DATA,
    DATABASE_URL,
    SITE,
    SMTP_URL,
    MAIL_FROM,
    MAIL_REPLY_TO,
    MAIL_PACE,
    DKIM_SELECTOR,
    DKIM_KEY,
    GRANT_LINKS,
    API_RATE,
    LOG_FORMAT,
    LOG_FILTER,
    TRUST_PROXY,
    EVENTS_RETENTION,
];

/// Where a value was found.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Flag(&'static str),
    Variable(&'static str),
    File { file: PathBuf, line: usize, key: &'static str },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "--{name}"),
            Self::Variable(name) => f.write_str(name),
            Self::File { file, line, key } => write!(f, "{}, line {line}, {key}", file.display()),
        }
    }
}

/// A setting that cannot be used, in words: which, from where, why, and what would do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong(String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

struct Given {
    value: String,
    source: Source,
}

/// What was set, of each setting the strongest.
pub(crate) struct Settings(BTreeMap<&'static str, Given>);

impl Settings {
    /// Reads flags and environment variables, and the file that they name.
    pub(crate) fn read(matches: &ArgMatches) -> Result<Self, Wrong> {
        let mut given = match file::find(given(matches, &CONFIG).map(|given| given.value)) {
            Some(file) => file::read(&file)?,
            None => BTreeMap::new(),
        };
        given.extend(SETTINGS.iter().filter_map(|setting| Some((setting.name, self::given(matches, setting)?))));
        Ok(Self(given))
    }

    /// Makes of each value what it has to be.
    pub(crate) fn resolve(&self) -> Result<Config, Wrong> {
        let listen = self.parse(&LISTEN, values::listen)?;
        Ok(Config {
            listen: listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 3000))),
            public_url: self.parse(&PUBLIC_URL, values::public_url)?,
            data: self.parse(&DATA, values::folder)?.unwrap_or_else(|| PathBuf::from("data")),
            database_url: self.parse(&DATABASE_URL, values::database_url)?,
            site: self.parse(&SITE, values::folder)?,
            log_format: self.parse(&LOG_FORMAT, values::log_format)?.unwrap_or_default(),
            log_filter: self.parse(&LOG_FILTER, values::log_filter)?.unwrap_or_else(|| "info,sqlx=warn".to_owned()),
            trust_proxy: self.parse(&TRUST_PROXY, values::switch)?.unwrap_or(false),
            events_retention: self.parse(&EVENTS_RETENTION, values::days)?,
            grant_links: self.parse(&GRANT_LINKS, values::switch)?.unwrap_or(false),
            api_rate: self.parse(&API_RATE, values::rate)?.unwrap_or(Limits::default().api_rate),
            mail: self.mail()?,
        })
    }

    fn mail(&self) -> Result<Mail, Wrong> {
        let mail = Mail {
            server: self.parse(&SMTP_URL, |text| SmtpServer::parse(text).map_err(|wrong| wrong.0))?,
            sender: self.parse(&MAIL_FROM, values::mailbox)?,
            reply_to: self.parse(&MAIL_REPLY_TO, values::mailbox)?,
            pace: self.parse(&MAIL_PACE, values::pace)?,
            dkim: match (self.parse(&DKIM_SELECTOR, values::selector)?, self.parse(&DKIM_KEY, values::key_file)?) {
                (Some(selector), Some(key)) => Some((selector, key)),
                (None, None) => None,
                (Some(_), None) => return Err(Wrong("dkim-selector: a key to sign with is missing; name its file with --dkim-key".into())),
                (None, Some(_)) => {
                    return Err(Wrong("dkim-key: the selector of its DNS record is missing; name it with --dkim-selector".into()));
                }
            },
        };
        if mail.server.is_some() && mail.sender.is_none() {
            return Err(Wrong("smtp-url: in whose name mails go out is missing; say it with --mail-from".into()));
        }
        // Whether the key signs is known only with the sender; said here, before anything runs.
        let trial = mail.settings(Path::new(""), &values::own_machine(1));
        trial.map(|_| mail).map_err(|wrong| Wrong(format!("dkim-key: its file {wrong}")))
    }

    fn parse<T>(&self, setting: &Setting, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Wrong> {
        let Some(Given { value, source }) = self.0.get(setting.name) else { return Ok(None) };
        parse(value).map(Some).map_err(|why| {
            let shown = if setting.is_secret { "its value".to_owned() } else { format!("{value:?}") };
            Wrong(format!("{source}: {shown} {why}"))
        })
    }
}

/// What flag or variable gives; a variable that is empty gives nothing.
fn given(matches: &ArgMatches, setting: &Setting) -> Option<Given> {
    let value = matches.get_one::<String>(setting.name)?.clone();
    let source = match matches.value_source(setting.name)? {
        ValueSource::EnvVariable if value.is_empty() => return None,
        ValueSource::EnvVariable => Source::Variable(setting.variable),
        _ => Source::Flag(setting.name),
    };
    Some(Given { value, source })
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

/// The settings as they are used. Without `Debug`: the database's address may hold a password.
pub(crate) struct Config {
    pub(crate) listen: SocketAddr,
    public_url: Option<Url>,
    data: PathBuf,
    database_url: Option<String>,
    pub(crate) site: Option<PathBuf>,
    pub(crate) log_format: LogFormat,
    pub(crate) log_filter: String,
    pub(crate) trust_proxy: bool,
    pub(crate) events_retention: Option<Span>,
    pub(crate) grant_links: bool,
    pub(crate) api_rate: u32,
    mail: Mail,
}

/// How mails leave, as far as it was set.
struct Mail {
    server: Option<SmtpServer>,
    sender: Option<Mailbox>,
    reply_to: Option<Mailbox>,
    pace: Option<NonZeroU32>,
    dkim: Option<(String, String)>,
}

impl Mail {
    fn settings(&self, data: &Path, public_url: &Url) -> Result<MailSettings, WrongMailSetting> {
        let mut settings = MailSettings::into_files(data.join("outbox"), public_url);
        if let Some(server) = &self.server {
            settings.way = Way::Server(server.clone());
        }
        if let Some(sender) = &self.sender {
            settings.sender = sender.clone();
        }
        settings.reply_to.clone_from(&self.reply_to);
        settings.pace = self.pace;
        if let Some((selector, key)) = &self.dkim {
            settings.sign(selector, key)?;
        }
        Ok(settings)
    }
}

impl Config {
    /// The address that browsers know, where Keyroll listens on `port`.
    pub(crate) fn public_url(&self, port: u16) -> Url {
        self.public_url.clone().unwrap_or_else(|| values::own_machine(port))
    }

    pub(crate) fn database(&self) -> Database {
        match &self.database_url {
            Some(address) => Database::Postgres(address.clone()),
            None => Database::Sqlite(self.data.join("keyroll.db")),
        }
    }

    /// What an installation decides.
    pub(crate) fn settings(&self, public_url: Url) -> Result<service::Settings, WrongMailSetting> {
        let mail = self.mail.settings(&self.data, &public_url)?;
        let (events_retention, grant_links) = (self.events_retention, self.grant_links);
        Ok(service::Settings { events_retention, grant_links, mail, ..service::Settings::new(public_url) })
    }

    /// The folder for what Keyroll keeps, where it keeps anything.
    pub(crate) fn data(&self) -> Option<&Path> {
        self.database_url.is_none().then_some(&*self.data)
    }
}
