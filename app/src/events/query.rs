//! What is asked of the log, as an address holds it.

use domain::event::{EventActor, EventKind, EventOutcome, EventTarget};
use domain::listing::EventListRequest;

use crate::address::{escaped, pairs};

pub(super) const PATH: &str = "/events";

/// Reads the query of an address. What is not understood does not narrow.
#[must_use]
pub fn parse(query: &str) -> EventListRequest {
    let mut asked = EventListRequest::default();
    for (name, value) in pairs(query) {
        match name.as_str() {
            "q" => asked.search = value,
            "type" => asked.kind = EventKind::read(&value),
            "outcome" => asked.outcome = EventOutcome::read(&value),
            "actor" => asked.actor = EventActor::read(&value),
            "target" => asked.target = EventTarget::read(&value),
            "from" => asked.from = value,
            "until" => asked.until = value,
            _ => {}
        }
    }
    asked
}

/// The address under which this is asked for.
pub(super) fn href(asked: &EventListRequest) -> String {
    address(PATH, asked)
}

/// Any address that takes the same query.
pub(super) fn address(path: &str, asked: &EventListRequest) -> String {
    let values = [
        ("q", Some(asked.search.clone())),
        ("type", asked.kind.map(|kind| kind.to_string())),
        ("outcome", asked.outcome.map(|outcome| outcome.to_string())),
        ("actor", asked.actor.map(|actor| actor.to_string())),
        ("target", asked.target.map(|target| target.to_string())),
        ("from", Some(asked.from.clone())),
        ("until", Some(asked.until.clone())),
    ];
    let pair = |(name, value): (&str, Option<String>)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some([name, "=", &escaped(&value)].concat())
    };
    let query: Vec<_> = values.into_iter().filter_map(pair).collect();
    if query.is_empty() { path.to_owned() } else { [path, "?", &query.join("&")].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::IdentityId;

    #[test]
    fn the_address_holds_what_is_asked() {
        let asked = EventListRequest {
            search: "zoë & co".into(),
            kind: Some(EventKind::SignInDenied),
            outcome: Some(EventOutcome::Denied),
            actor: Some(EventActor::Identity(IdentityId::from_i64(7))),
            target: Some(EventTarget::Realm),
            from: "2026-11-01".into(),
            until: "2026-11-25".into(),
        };
        assert_eq!(
            href(&asked),
            "/events?q=zo%C3%AB%20%26%20co&type=sign_in.denied&outcome=denied&actor=identity%3A0000000000000007&target=realm\
             &from=2026-11-01&until=2026-11-25"
        );
        assert_eq!(parse(href(&asked).split_once('?').map_or("", |(_, query)| query)), asked);
        assert_eq!(parse("type=nothing&outcome=x&actor=me&target=:&y"), EventListRequest::default());
        assert_eq!(href(&EventListRequest::default()), "/events");
    }
}
