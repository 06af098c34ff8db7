//! What each setting has to be. The words follow the value: `"3000" is not …`.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use domain::time::Span;
use service::mail::Mailbox;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

use super::LogFormat;

pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "is not an address to listen on; write the machine's address and a port, such as 127.0.0.1:3000".into())
}

pub(super) fn folder(text: &str) -> Result<PathBuf, String> {
    if text.trim().is_empty() { Err("is not the name of a folder".into()) } else { Ok(PathBuf::from(text)) }
}

/// Scheme, host and port. Whether browsers offer passkeys there is another question: `keyroll check` answers it.
pub(super) fn public_url(text: &str) -> Result<Url, String> {
    let expected = || "is not an address for browsers; write one such as https://id.example.com".to_owned();
    let url = Url::parse(text).map_err(|_| expected())?;
    if !matches!(url.scheme(), "http" | "https") || !matches!(url.host(), Some(Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_))) {
        return Err(expected());
    }
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() || url.password().is_some() {
        return Err("holds more than scheme, host and port; Keyroll needs a host of its own, such as https://id.example.com".into());
    }
    Ok(url)
}

/// The address of a trial: browsers trust their own machine without TLS.
pub(super) fn own_machine(port: u16) -> Url {
    let mut url = Url::parse("http://localhost").expect("this is a URL");
    url.set_port(Some(port)).expect("this URL can have a port");
    url
}

pub(super) fn database_url(text: &str) -> Result<String, String> {
    let is_postgres = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql"));
    if is_postgres { Ok(text.to_owned()) } else { Err("is not a PostgreSQL address, postgres://user@host/database".into()) }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("is not a format of the log; there are text and json".into()),
    }
}

pub(super) fn log_filter(text: &str) -> Result<String, String> {
    let understood = EnvFilter::try_new(text).map(|_| text.to_owned());
    understood.map_err(|_| "is not a filter of the log; write a level, such as info, or levels by module, such as warn,server=debug".into())
}

/// A century is longer than any log is kept, and short enough to count in microseconds.
const MOST_DAYS: i64 = 36_525;

pub(super) fn days(text: &str) -> Result<Span, String> {
    let days = text.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
    days.map(Span::days).ok_or_else(|| format!("is not a number of days; write one from 1 to {MOST_DAYS}"))
}

pub(super) fn mailbox(text: &str) -> Result<Mailbox, String> {
    service::mail::mailbox(text).ok_or_else(|| "is not an address for mails; write one such as 'Example <passkeys@example.com>'".into())
}

pub(super) fn pace(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| "is not a number of mails per second; write 1 or more".into())
}

/// Above a million a second nobody needs a limit.
pub(super) fn rate(text: &str) -> Result<u32, String> {
    let rate = text.parse().ok().filter(|rate| (1..=1_000_000).contains(rate));
    rate.ok_or_else(|| "is not a number of requests per second; write one from 1 to 1000000".into())
}

/// A label of DNS, or several (RFC 6376, §3.1).
pub(super) fn selector(text: &str) -> Result<String, String> {
    let label = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if text.split('.').all(label) { Ok(text.to_owned()) } else { Err("is not a selector; write a name such as mail2026".into()) }
}

/// The key's text.
pub(super) fn key_file(text: &str) -> Result<String, String> {
    std::fs::read_to_string(text).map_err(|error| format!("cannot be read: {error}"))
}

pub(super) fn switch(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "is neither true nor false".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_one() {
        assert_eq!(days("90"), Ok(Span::days(90)));
        for text in ["", "0", "-1", "1.5", "36526", "99999999999999999999", "for ever"] {
            assert!(days(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_public_url_is_scheme_host_and_port() {
        for text in ["https://id.example.com", "https://id.example.com/", "http://localhost:3000", "https://id.example.com:8443"] {
            assert!(public_url(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "id.example.com",
            "localhost:3000",
            "ftp://id.example.com",
            "https://id.example.com/keyroll",
            "https://id.example.com/?x",
            "https://id.example.com/#x",
            "https://user@id.example.com",
            "https://:pass@id.example.com",
            "data:text/plain,x",
        ] {
            assert!(public_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_other_values_are_taken_or_refused_whole() {
        assert!(listen("127.0.0.1:3000").is_ok() && listen("[::1]:0").is_ok());
        assert!(["3000", "localhost:3000", ":3000", "127.0.0.1", "127.0.0.1:99999"].iter().all(|text| listen(text).is_err()));
        assert!(database_url("postgres://keyroll@localhost/keyroll").is_ok() && database_url("postgresql:///keyroll").is_ok());
        assert!(["mysql://x/y", "keyroll", "sqlite://x"].iter().all(|text| database_url(text).is_err()));
        assert!(switch("true") == Ok(true) && switch("false") == Ok(false) && switch("yes").is_err());
        assert!(log_filter("warn,server=debug").is_ok() && log_filter("server=loud").is_err());
        assert!(rate("50") == Ok(50) && ["", "0", "-1", "1.5", "1000001", "fast"].iter().all(|text| rate(text).is_err()));
        assert!(folder(" ").is_err() && log_format("xml").is_err());
        assert_eq!(own_machine(8080).as_str(), "http://localhost:8080/");
    }
}
