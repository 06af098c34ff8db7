//! `keyroll admin invite`: the way back in, from the machine itself.

use anyhow::{Result, anyhow};
use service::{Error, Keyroll};

use super::{database, print};
use crate::config::Config;

pub(super) async fn invite(config: &Config, username: &str) -> Result<()> {
    let keyroll = database::open(config, config.public_url(config.listen.port())).await?;
    let outcome = link(&keyroll, username).await;
    keyroll.store().close().await;
    let link = outcome?;
    eprintln!("Whoever opens this link registers a passkey as the administrator {username}. It works once, for 7 days:");
    print(&link)?;
    Ok(())
}

async fn link(keyroll: &Keyroll, username: &str) -> Result<String> {
    let realm = keyroll.prepare().await?;
    let link = keyroll.operator(realm).invite_administrator(username).await.map_err(|error| match &error {
        Error::Invalid(fields) => anyhow!("{username:?} cannot be a username: {}", texts(fields)),
        Error::Conflict(words) => anyhow!("{words}"),
        _ => error.into(),
    })?;
    // A server that runs on the same database shows the new job at once.
    keyroll.store().notify("command line").await?;
    Ok(link.link)
}

fn texts(fields: &[domain::FieldError]) -> String {
    fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" ")
}
