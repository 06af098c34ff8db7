//! The log: lines on standard error, for people or for programs.

use std::io::IsTerminal as _;
use std::panic;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Starts the log for the rest of the program's life.
pub(crate) fn start(config: &Config) {
    // The filter was read with the settings.
    let filter = EnvFilter::try_new(&config.log_filter).unwrap_or_default();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
}
