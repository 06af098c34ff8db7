//! The server: settings, commands, and the HTTP edges of Keyroll.

mod api;
mod brand;
mod cli;
mod commands;
mod config;
mod edge;
mod export;
mod http;
mod listen;
mod live;
mod logging;
mod preview;
mod router;
mod site;

use std::process::ExitCode;

pub use edge::{Edge, Limits};
pub use listen::serve;
pub use site::Site;

/// Does what the command line asks for. What went wrong is said on standard error.
pub async fn run() -> ExitCode {
    let (command, settings) = cli::parse();
    let outcome = match settings.and_then(|settings| settings.resolve()) {
        Ok(config) => commands::run(command, &config).await,
        Err(wrong) => Err(anyhow::Error::msg(wrong)),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
