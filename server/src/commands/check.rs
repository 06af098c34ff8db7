//! `keyroll check`: what is wrong, and what to do about it. Changes nothing.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use service::webauthn::RelyingParty;
use service::{Break, ChainReport, Clock, Database, Keyroll, Randomness, Settings, Store};

use super::{print, serve};
use crate::config::Config;

/// What a check found.
type Found = Result<String, String>;

pub(super) async fn check(config: &Config, events: bool) -> Result<ExitCode> {
    let mut report = Report { problems: 0 };
    // What is wrong with a setting has ended the program before.
    report.line("settings", Ok("understood".into()))?;
    report.line("public URL", public_url(config))?;
    report.line("site", site(config))?;
    report.line("mail", mail(config).await)?;
    match config.database() {
        Database::Sqlite(file) if !file.exists() => {
            report.line("database", Ok(format!("{} is not there yet; it is made at the first start", file.display())))?;
        }
        database => {
            if let Database::Sqlite(file) = &database {
                report.line("permissions", permissions(file))?;
            }
            report.database(config, &database, events).await?;
        }
    }
    Ok(if report.problems == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Report {
    problems: u32,
}

impl Report {
    fn line(&mut self, what: &str, found: Found) -> Result<()> {
        let (word, text) = match found {
            Ok(text) => ("ok", text),
            Err(text) => {
                self.problems += 1;
                ("problem", text)
            }
        };
        Ok(print(&format!("{word:<8} {what}: {text}"))?)
    }

    async fn events(&mut self, config: &Config, store: &Store) -> Result<()> {
        let settings = Settings::new(config.public_url(config.listen.port()));
        let checked = match Keyroll::new(store.clone(), settings, Clock::System, Randomness::System) {
            Ok(keyroll) => keyroll.check_events().await.map_err(|error| format!("they cannot be read: {:#}", anyhow::Error::from(error))),
            Err(error) => Err(error.to_string()),
        };
        match checked {
            Ok(reports) => reports.iter().try_for_each(|report| self.line("events", chain(report))),
            Err(error) => self.line("events", Err(error)),
        }
    }

    async fn database(&mut self, config: &Config, database: &Database, events: bool) -> Result<()> {
        match Store::connect(database).await.context("it cannot be reached") {
            Ok(store) => {
                self.line("database", Ok(named(database)))?;
                let migrations = migrations(&store).await;
                let current = migrations.is_ok();
                self.line("migrations", migrations)?;
                if events && current {
                    self.events(config, &store).await?;
                }
                store.close().await;
                Ok(())
            }
            Err(error) => self.line("database", Err(format!("{}: {error:#}", named(database)))),
        }
    }
}

/// A realm's chain in words.
fn chain(report: &ChainReport) -> Found {
    let ChainReport { realm, events, position, hash, removed, waiting, broken } = report;
    if let Some(Break { position, event, at, told, why }) = broken {
        let event = event.map(|event| format!(", event {event}")).unwrap_or_default();
        let at = at.and_then(|at| jiff::Timestamp::from_microsecond(at.micros()).ok()).map(|at| format!(", {at}")).unwrap_or_default();
        let told = if told.is_empty() { String::new() } else { format!(", “{told}”") };
        return Err(format!("realm {realm}: line {position}{event}{at}{told} {}", why.words()));
    }
    let removed = if *removed == 0 { String::new() } else { format!(", {removed} older ones were removed after their time") };
    let waiting = if *waiting == 0 { String::new() } else { format!("; {waiting} more wait for their seals") };
    Ok(format!("realm {realm}: {events} lines, each as it was written{removed}; the newest is line {position}, {hash}{waiting}"))
}

fn public_url(config: &Config) -> Found {
    let url = config.public_url(config.listen.port());
    let origin = url.origin().ascii_serialization();
    match RelyingParty::new(&url, "Keyroll") {
        Ok(_) => Ok(format!("{origin}; browsers offer passkeys there")),
        Err(error) => Err(format!("{origin}: {error}")),
    }
}

/// Whether the mail server can be used; nothing is sent.
async fn mail(config: &Config) -> Found {
    let settings = config.settings(config.public_url(config.listen.port())).map_err(|wrong| wrong.to_string())?;
    settings.mail.check().await
}

fn site(config: &Config) -> Found {
    match serve::site(config) {
        Ok(site) => Ok(format!("{}, build {}", site.folder().display(), site.build_id())),
        Err(error) => Err(format!("{error:#}")),
    }
}

/// The address of a PostgreSQL database may hold a password.
fn named(database: &Database) -> String {
    match database {
        Database::Sqlite(file) => format!("embedded, in {}", file.display()),
        Database::Postgres(address) => {
            let mut url = url::Url::parse(address).ok();
            // Neither fails for an address with a host; without one there is no password.
            let hidden = url.as_mut().is_some_and(|url| url.password().is_none() || url.set_password(Some("…")).is_ok());
            url.filter(|_| hidden).map_or_else(|| "PostgreSQL".to_owned(), |url| format!("PostgreSQL, {}", without_query(&url)))
        }
    }
}

/// Parameters may hold a password too.
fn without_query(url: &url::Url) -> String {
    let text = url.to_string();
    text.split('?').next().unwrap_or_default().replace("%E2%80%A6", "…")
}

async fn migrations(store: &Store) -> Found {
    match store.pending_migrations().await {
        Ok(0) => Ok("none pending".into()),
        Ok(pending) => Err(format!("{pending} pending; `keyroll migrate` applies them, and so does starting the server")),
        Err(error) => Err(format!("they cannot be read: {:#}", anyhow::Error::from(error))),
    }
}

#[cfg(unix)]
fn permissions(file: &Path) -> Found {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata().map_err(|error| format!("{}: {error}", file.display()))?.permissions().mode();
    let for_others = mode & 0o077;
    if for_others == 0 {
        return Ok(format!("{} is for its owner alone", file.display()));
    }
    Err(format!("{} can be read by others; chmod 600 it", file.display()))
}

#[cfg(not(unix))]
fn permissions(file: &Path) -> Found {
    Ok(format!("not looked at for {} on this system", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_named() {
        for address in [
            "postgres://keyroll:opensesame@db.example/keyroll",
            "postgres://db.example/keyroll?user=keyroll&password=opensesame",
            "postgres://:opensesame@db.example/keyroll",
        ] {
            let named = named(&Database::Postgres(address.into()));
            assert!(named.contains("db.example/keyroll") && !named.contains("opensesame"), "{named}");
        }
    }
}
