//! The command line: what can be asked of Keyroll. The settings, which every command takes, are listed in `config`.

use clap::{Arg, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::{CONFIG, SETTINGS, Setting, Settings, Wrong};

/// The directory where an organization keeps its people, and the desk from which it hands each of them a passkey.
#[derive(Parser)]
#[command(name = "keyroll", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run Keyroll: bring the database up to date, then answer requests until SIGTERM or Ctrl-C
    Serve,
    /// Look after administrators
    #[command(subcommand)]
    Admin(Admin),
    /// Look after the tokens of the management API
    #[command(subcommand)]
    Token(Token),
    /// Look after the application that programs get short tokens of
    #[command(subcommand)]
    Application(Application),
    /// Bring the database's schema up to date
    Migrate,
    /// Print the description of the management API (OpenAPI 3.1)
    Openapi,
    /// Say what is wrong with the settings, the database, the site and the public address
    Check {
        /// Prove the audit log's chain as well, line by line
        #[arg(long)]
        events: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Make the identity an administrator, adding it where missing, and print a fresh enrollment link
    Invite {
        /// Whom to invite
        username: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token and print it as JSON, with its tenant, realm and end; it is shown this once
    Create(TokenCreate),
}

#[derive(Debug, clap::Args)]
pub(crate) struct TokenCreate {
    /// What it is for: the program that gets it
    pub(crate) name: String,
    /// What it may do, with spaces between: "identities:read groups:read"
    #[arg(long, value_name = "SCOPES")]
    pub(crate) scopes: String,
    /// How long it lasts, in days
    #[arg(long, value_name = "DAYS", default_value_t = format!("{}d", domain::token::USUAL_DAYS))]
    pub(crate) expires: String,
    /// The one realm that it works in, by its id [default: every realm]
    #[arg(long, value_name = "ID")]
    pub(crate) realm: Option<String>,
    /// An address, or a range such as 203.0.113.0/24, that it is taken from; several times for several [default: everywhere]
    #[arg(long = "address", value_name = "RANGE")]
    pub(crate) addresses: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Application {
    /// Give a realm's application a secret, in place of one that it had, and print it as JSON; it is shown this once
    Secret(ApplicationSecret),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ApplicationSecret {
    /// What its tokens may do, with spaces between: "identities:read groups:read"
    #[arg(long, value_name = "SCOPES")]
    pub(crate) scopes: String,
    /// The realm, by its id [default: the first one]
    #[arg(long, value_name = "ID")]
    pub(crate) realm: Option<String>,
}

const AFTER: &str = "Each setting is a flag, an environment variable, and a key of keyroll.toml under the flag's name. \
The flag is the strongest, the file the weakest.";

fn parser() -> clap::Command {
    let settings = std::iter::once(&CONFIG).chain(SETTINGS).map(argument);
    Cli::command().args(settings).after_help(AFTER)
}

fn argument(setting: &'static Setting) -> Arg {
    let argument = Arg::new(setting.name).long(setting.name).env(setting.variable).help(setting.help).value_name(setting.value);
    // What a variable holds may be a secret: help does not show it.
    let argument = argument.hide_env_values(true).global(true).help_heading("Settings");
    if setting.is_switch { argument.num_args(0..=1).require_equals(true).default_missing_value("true") } else { argument }
}

/// Reads the command line; help and what is not understood end the program here.
pub(crate) fn parse() -> (Command, Result<Settings, Wrong>) {
    let matches = parser().get_matches();
    match Cli::from_arg_matches(&matches) {
        Ok(Cli { command }) => (command, Settings::read(&matches)),
        Err(error) => error.exit(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_put_together_rightly() {
        parser().debug_assert();
    }

    #[test]
    fn settings_stand_before_or_after_the_command() {
        for line in [["keyroll", "--listen=127.0.0.1:1", "check"], ["keyroll", "check", "--listen=127.0.0.1:1"]] {
            let matches = parser().try_get_matches_from(line).unwrap();
            assert_eq!(matches.get_one::<String>("listen").map(String::as_str), Some("127.0.0.1:1"));
            assert_eq!(matches.value_source("listen"), Some(clap::parser::ValueSource::CommandLine));
        }
    }

    #[test]
    fn a_switch_needs_no_value_and_takes_one() {
        let value = |line: &[&str]| {
            let matches = parser().try_get_matches_from(line).unwrap();
            matches.get_one::<String>("trust-proxy").cloned()
        };
        assert_eq!(value(&["keyroll", "--trust-proxy", "check"]).as_deref(), Some("true"));
        assert_eq!(value(&["keyroll", "--trust-proxy=false", "check"]).as_deref(), Some("false"));
        assert_eq!(value(&["keyroll", "check"]), None);
    }
}
