//! The database: reached, made where missing, and brought up to date.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, Result};
use service::{Clock, Database, Keyroll, Randomness, Store};
use url::Url;

use super::print;
use crate::config::Config;

/// `keyroll migrate`
pub(super) async fn migrate(config: &Config) -> Result<()> {
    let store = connect(config).await?;
    let pending = store.pending_migrations().await.context("the database's schema cannot be read")?;
    store.migrate().await?;
    store.close().await;
    print(&match pending {
        0 => "The database is up to date already.".to_owned(),
        1 => "The database is up to date: 1 migration was applied.".to_owned(),
        pending => format!("The database is up to date: {pending} migrations were applied."),
    })?;
    Ok(())
}

/// Keyroll on its database, with the schema up to date.
pub(super) async fn open(config: &Config, public_url: Url) -> Result<Keyroll> {
    let store = connect(config).await?;
    store.migrate().await?;
    Ok(Keyroll::new(store, config.settings(public_url)?, Clock::System, Randomness::System)?)
}

/// Connects; the embedded database is made where it is missing, readable for nobody else.
async fn connect(config: &Config) -> Result<Store> {
    let database = config.database();
    if let Database::Sqlite(file) = &database {
        if let Some(folder) = config.data() {
            make_folder(folder).with_context(|| format!("the data folder {} cannot be made", folder.display()))?;
        }
        make_file(file).with_context(|| format!("the database {} cannot be written", file.display()))?;
    }
    Store::connect(&database).await.context("the database cannot be reached")
}

/// A folder that was there before keeps its permissions: it may hold more than ours.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// What the database keeps beside its file takes over the file's permissions.
fn make_file(file: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(file)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    Ok(())
}
