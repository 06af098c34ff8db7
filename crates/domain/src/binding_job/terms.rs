//! On which terms a binding job is asked for: how its link is delivered, and where the person goes on afterwards.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::DeliveryMethod;
use crate::field::{self, FieldError};

const ADDRESS_LENGTH: usize = 2_000;
const LABEL: &str = "The address to go on to";

/// What a program asks for with a binding job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobTerms {
    pub delivery: DeliveryMethod,
    /// Where the person goes on once the passkey is stored.
    pub redirect_uri: Option<String>,
}

impl JobTerms {
    /// The terms that ask for nothing but the link.
    #[must_use]
    pub const fn of(delivery: DeliveryMethod) -> Self {
        Self { delivery, redirect_uri: None }
    }

    /// Trims and checks the address to go on to; one that is empty is none.
    pub fn parse(&self) -> Result<Self, FieldError> {
        let checked = self.redirect_uri.as_deref().map_or(Ok(None), address);
        let redirect_uri = checked.map_err(|words| FieldError::new("job.post_binding_redirect_uri", words))?;
        Ok(Self { delivery: self.delivery, redirect_uri })
    }
}

/// The host of an address that [`JobTerms::parse`] has taken.
#[must_use]
pub fn host_of(address: &str) -> &str {
    let authority = authority_of(address.split_once("//").map_or("", |(_, rest)| rest));
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Everything up to path, query or fragment.
fn authority_of(rest: &str) -> &str {
    &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())]
}

/// An absolute address (RFC 3986, §4.3) that every browser reads alike.
fn address(text: &str) -> Result<Option<String>, String> {
    let Some(text) = field::optional(LABEL, text, ADDRESS_LENGTH)? else { return Ok(None) };
    // What browsers mend or drop, each in its own way, could lead elsewhere than it seems.
    if let Some(c) = text.chars().find(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(*c)) {
        return Err(format!("{LABEL} contains “{c}”. Write such characters percent-encoded, such as %20, and the host in ASCII."));
    }
    let (scheme, rest) =
        text.split_once("://").ok_or_else(|| format!("{LABEL} has to be a whole one, such as https://example.com/welcome."))?;
    if authority_of(rest).contains('@') {
        return Err(format!("{LABEL} must not hold a user name or a password."));
    }
    let host = host_of(&text);
    let port = authority_of(rest).strip_prefix(host).and_then(|port| port.strip_prefix(':'));
    if !is_host(host) || port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(format!("{LABEL} names no host. Write one such as https://example.com/welcome."));
    }
    let allowed = scheme.eq_ignore_ascii_case("https") || (scheme.eq_ignore_ascii_case("http") && is_this_machine(host));
    if allowed { Ok(Some(text)) } else { Err(format!("{LABEL} has to begin with https://; http:// is taken for localhost alone.")) }
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    ipv6(host).is_some() || host.split('.').all(label)
}

fn ipv6(host: &str) -> Option<Ipv6Addr> {
    host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || ipv6(host).is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Option<String>, FieldError> {
        let terms = JobTerms { redirect_uri: Some(text.to_owned()), ..JobTerms::of(DeliveryMethod::Email) };
        terms.parse().map(|terms| terms.redirect_uri)
    }

    #[test]
    fn a_whole_address_is_taken_and_shown_by_its_host() {
        for (text, host) in [
            ("https://example.com", "example.com"),
            (" HTTPS://Example.com:8443/welcome?to=a%20b&at=me@example.com#top ", "Example.com"),
            ("https://xn--bcher-kva.example?x", "xn--bcher-kva.example"),
            ("https://192.0.2.7/", "192.0.2.7"),
            ("https://[2001:db8::1]:443/", "[2001:db8::1]"),
            ("http://localhost:3000/done", "localhost"),
            ("http://127.0.0.1:3000", "127.0.0.1"),
            ("http://[::1]/", "[::1]"),
        ] {
            assert_eq!(parsed(text), Ok(Some(text.trim().to_owned())));
            assert_eq!(host_of(text.trim()), host);
        }
        assert_eq!((parsed(""), parsed("  "), JobTerms::of(DeliveryMethod::Return).parse()), {
            (Ok(None), Ok(None), Ok(JobTerms::of(DeliveryMethod::Return)))
        });
    }

    #[test]
    fn an_address_that_leads_nowhere_or_elsewhere_is_refused() {
        for text in [
            "example.com/welcome",
            "/welcome",
            "//example.com/",
            "javascript://example.com/%0Aalert(1)",
            "data:text/html,https://example.com",
            "ftp://example.com/",
            "http://example.com/",
            "http://localhost.example.com/",
            "http://127.1/",
            "http://2130706433/",
            "http://[2001:db8::1]/",
            "https://",
            "https:///path",
            "https://:443/",
            "https://example.com:port/",
            "https://example.com:65536/",
            "https://example..com/",
            "https://[::1/",
            "https://[zoe]/",
            "https://zoe@example.com/",
            "https://zoe:secret@example.com/",
            "https://example.com\\@example.org/",
            "https://exa%6Dple.com/",
            "https://example.com/a b",
            "https://example.com/\u{202e}moc",
            "https://example.com/\nx",
            "https://bücher.example/",
            "https://example.com/\"onclick=",
        ] {
            assert_eq!(parsed(text).map_err(|error| error.field), Err("job.post_binding_redirect_uri".to_owned()), "{text:?}");
        }
    }

    #[test]
    fn an_address_has_at_most_so_many_characters() {
        let longest = format!("https://example.com/{}", "x".repeat(ADDRESS_LENGTH - 20));
        assert_eq!(parsed(&longest), Ok(Some(longest.clone())));
        assert!(parsed(&format!("{longest}x")).is_err());
    }
}
