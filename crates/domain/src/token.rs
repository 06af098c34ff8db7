//! API tokens: what a program calls the management API with, what it may do with it, from where and for how long.

mod scope;

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::field::{self, FieldError};
use crate::permission::Permissions;
use crate::time::Span;
use crate::{ApplicationId, Timestamp, TokenId};

pub use scope::{SCOPES, Scope, Scopes};

const NAME_LENGTH: usize = 64;
/// As many address ranges as one token is narrowed to.
const MOST_RANGES: usize = 50;
/// A token lasts so many days where nothing else is asked for, and at most.
pub const USUAL_DAYS: u16 = 90;
pub const MOST_DAYS: u16 = 3650;

/// Where a token is taken from: ranges of addresses; everywhere where there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranges(Vec<IpNet>);

impl Ranges {
    /// Reads addresses and ranges (RFC 4632, §3.1), parted by spaces, commas or lines.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split([',', ';', ' ', '\t', '\r', '\n']).filter(|part| !part.is_empty());
        let ranges = parts.map(range).collect::<Result<Vec<_>, _>>()?;
        if ranges.len() > MOST_RANGES {
            return Err(format!("{} ranges were given; at most {MOST_RANGES} fit.", ranges.len()));
        }
        Ok(Self(ranges))
    }

    /// Whether a request from there is taken; one from nowhere only where everything is.
    #[must_use]
    pub fn cover(&self, address: &str) -> bool {
        self.0.is_empty() || address.parse::<IpAddr>().is_ok_and(|address| self.0.iter().any(|range| range.contains(&address)))
    }

    /// Each range, as it is written.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

fn range(text: &str) -> Result<IpNet, String> {
    let wrong = || format!("“{text}” is no address and no range. A range looks like 203.0.113.0/24 or 2001:db8::/32.");
    // What could be shown instead of it is not shown back.
    let wrong = || if text.chars().any(field::is_invisible_control) { "This is no address and no range.".to_owned() } else { wrong() };
    let range = text.parse::<IpAddr>().map(IpNet::from).or_else(|_| text.parse::<IpNet>()).map_err(|_| wrong())?;
    Ok(range.trunc())
}

/// The form of a new token as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenForm {
    /// 1 to 64 characters.
    pub name: String,
    /// As the API spells them, such as `identities:read`.
    pub scopes: Vec<String>,
    /// From 1 to 3,650.
    pub days: String,
    /// Whether it is good for every realm of the tenant, or for this one.
    pub everywhere: bool,
    /// Addresses and ranges that it is taken from; empty for everywhere.
    pub addresses: String,
}

impl Default for TokenForm {
    fn default() -> Self {
        Self { name: String::new(), scopes: Vec::new(), days: USUAL_DAYS.to_string(), everywhere: false, addresses: String::new() }
    }
}

/// A form that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenProfile {
    pub name: String,
    pub scopes: Permissions,
    pub lifetime: Span,
    pub everywhere: bool,
    pub ranges: Ranges,
}

impl TokenForm {
    /// Checks every field and answers every violation at once.
    pub fn parse(&self) -> Result<TokenProfile, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut refuse = |field: &str, words: String| errors.push(FieldError::new(field, words));
        let name = field::name("The token’s name", &self.name, NAME_LENGTH).map_err(|words| refuse("name", words));
        let scopes = Scopes::read(self.scopes.iter().map(String::as_str)).map_err(|words| refuse("scopes", words));
        let days = days(&self.days).map_err(|words| refuse("days", words));
        let ranges = Ranges::parse(&self.addresses).map_err(|words| refuse("addresses", words));
        if scopes.is_ok_and(|scopes| !self.everywhere && scopes.within_realm() != scopes) {
            refuse("scopes", "Tenants and realms reach beyond one realm: let the token work in every realm, or leave them out.".into());
        }
        match (name, scopes, days, ranges) {
            (Ok(name), Ok(scopes), Ok(days), Ok(ranges)) if errors.is_empty() => {
                Ok(TokenProfile { name, scopes, lifetime: Span::days(i64::from(days)), everywhere: self.everywhere, ranges })
            }
            _ => Err(errors),
        }
    }
}

fn days(text: &str) -> Result<u16, String> {
    let words = || format!("Write a number of days from 1 to {MOST_DAYS}.");
    text.trim().parse().ok().filter(|days| (1..=MOST_DAYS).contains(days)).ok_or_else(words)
}

/// A token as it is listed. Its secret is shown once and nowhere kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    pub id: TokenId,
    pub name: String,
    pub scopes: Permissions,
    /// Whether it is good for every realm of the tenant.
    pub everywhere: bool,
    /// Where it is taken from; empty for everywhere.
    pub addresses: Vec<String>,
    pub created_by: String,
    /// The application whose secret it was had for, where it was.
    pub application: Option<ApplicationId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// The only time that a token's secret is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    pub token: ApiToken,
    pub secret: String,
}

/// The application that programs have tokens of with its secret (RFC 6749, §4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiClient {
    pub id: ApplicationId,
    /// What it may do; nothing where it has no secret.
    pub scopes: Permissions,
    /// When its secret was made, and by whom; absent where it has none.
    pub secret: Option<(Timestamp, String)>,
}

/// The only time that an application's secret is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewClientSecret {
    pub client_id: String,
    pub secret: String,
}

/// The tokens' page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenDesk {
    /// The newest first.
    pub tokens: Vec<ApiToken>,
    pub client: ApiClient,
    /// What the addresses of the realm's management API begin with.
    pub api: String,
    /// When it was read: what ended before has ended.
    pub now: Timestamp,
    /// Whether whoever asks may make tokens for every realm.
    pub may_everywhere: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Permission;

    fn form() -> TokenForm {
        TokenForm { name: "Payroll".into(), scopes: vec!["identities:read".into()], ..TokenForm::default() }
    }

    fn refused(form: &TokenForm) -> Vec<String> {
        form.parse().err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_token_has_a_name_scopes_and_an_end() {
        let profile = form().parse().expect("it holds");
        assert_eq!((profile.name.as_str(), profile.lifetime), ("Payroll", Span::days(90)));
        assert!(profile.scopes.contains(Permission::IdentitiesRead) && !profile.scopes.contains(Permission::IdentitiesUpdate));
        let nothing = TokenForm { days: String::new(), addresses: "x".into(), ..TokenForm::default() };
        assert_eq!(refused(&nothing), ["name", "scopes", "days", "addresses"]);
        for days in ["0", "-1", "3651", "1.5", "ninety"] {
            assert_eq!(refused(&TokenForm { days: days.into(), ..form() }), ["days"], "{days}");
        }
    }

    #[test]
    fn what_reaches_beyond_a_realm_needs_all_of_them() {
        let form = TokenForm { scopes: vec!["realms:read".into()], ..form() };
        assert_eq!(refused(&form), ["scopes"]);
        assert_eq!(refused(&TokenForm { everywhere: true, ..form }), [""; 0]);
    }

    #[test]
    fn ranges_are_read_and_kept_to() {
        let ranges = Ranges::parse("203.0.113.7/24, 2001:db8::1\n10.0.0.1").expect("they are ranges");
        assert_eq!(ranges.texts(), ["203.0.113.0/24", "2001:db8::1/128", "10.0.0.1/32"]);
        assert!(ranges.cover("203.0.113.255") && ranges.cover("2001:db8::1") && ranges.cover("10.0.0.1"));
        for outside in ["203.0.114.1", "2001:db8::2", "10.0.0.2", "", "localhost"] {
            assert!(!ranges.cover(outside), "{outside}");
        }
        assert!(Ranges::default().cover("203.0.114.1") && Ranges::default().cover(""));
        for wrong in ["10.0.0.0/33", "10.0.0", "::/129", "example.org", "10.0.0.1/x"] {
            assert!(Ranges::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Ranges::parse(&"10.0.0.1 ".repeat(51)).is_err());
    }
}
