//! `keyroll serve`: runs it.

use anyhow::{Context as _, Result};
use domain::RealmId;
use service::{Background, Keyroll};
use tokio::net::TcpListener;

use super::{database, print};
use crate::config::Config;
use crate::{Edge, Limits, Site, listen};

pub(super) async fn serve(config: &Config) -> Result<()> {
    let stop = signal()?;
    let site = site(config)?;
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.with_context(|| format!("{} cannot be listened on; choose another address with --listen", config.listen))?;
    let public_url = config.public_url(listener.local_addr()?.port());
    let keyroll = database::open(config, public_url).await?;
    let realm = keyroll.prepare().await?;
    greet(&keyroll, realm).await?;

    let background = Background::start(&keyroll);
    let edge = Edge {
        keyroll: keyroll.clone(),
        site,
        trust_proxy: config.trust_proxy,
        limits: Limits { api_rate: config.api_rate, ..Limits::default() },
    };
    let served = listen::serve(listener, edge, stop).await;
    background.stop().await;
    keyroll.store().close().await;
    tracing::info!("stopped");
    served
}

pub(super) fn site(config: &Config) -> Result<Site> {
    let site = config.site.as_deref().map_or_else(Site::beside_program, Site::open);
    site.context("build the site with scripts/build, or say with --site where it lies")
}

/// Says where Keyroll is; and how to get in, as long as nobody can.
async fn greet(keyroll: &Keyroll, realm: RealmId) -> Result<()> {
    let origin = keyroll.public_url().origin().ascii_serialization();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), public_url = origin, "started");
    if let Some(link) = keyroll.first_administrator_link(realm).await? {
        print(&format!("Keyroll runs at {origin}. This link registers the first administrator's passkey, once:"))?;
        print(&link.link)?;
    }
    Ok(())
}

/// What ends the server. From here on the signals do no longer end the process by themselves.
#[cfg(unix)]
fn signal() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
    })
}

#[cfg(not(unix))]
fn signal() -> Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
        tracing::info!("stopping");
    })
}
