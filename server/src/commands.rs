//! What the commands do.

mod check;
mod database;
mod invite;
mod serve;
mod token;

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Result;

use crate::api;
use crate::cli::{Admin, Application, Command, Token};
use crate::config::Config;
use crate::logging;

pub(crate) async fn run(command: Command, config: &Config) -> Result<ExitCode> {
    logging::start(config);
    match command {
        Command::Serve => serve::serve(config).await?,
        Command::Admin(Admin::Invite { username }) => invite::invite(config, &username).await?,
        Command::Token(Token::Create(asked)) => token::create(config, &asked).await?,
        Command::Application(Application::Secret(asked)) => token::application_secret(config, &asked).await?,
        Command::Openapi => print(api::description().trim_end())?,
        Command::Migrate => database::migrate(config).await?,
        Command::Check { events } => return check::check(config, events).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a line on standard output, for people or for other programs; the log goes elsewhere.
fn print(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
