//! Events in words.

use domain::event::{Detail, EventKind, EventOutcome};
use domain::identity::Source;
use domain::record::Event;

use crate::identities::{field_label, source_label};
use crate::ui::{Glyph, TimelineItem, Tone};

/// A line of the activity list.
pub(super) fn item(event: &Event) -> TimelineItem {
    let (icon, tone) = look(event);
    TimelineItem { icon, tone, title: title(event), at: event.at.micros(), detail: detail(event) }
}

/// A line of the realm's log, which says whom it is about.
pub(super) fn whole_item(event: &Event) -> TimelineItem {
    let title = if event.target.is_empty() { event.kind.label().to_owned() } else { format!("{}: {}", event.kind.label(), event.target) };
    TimelineItem { title, ..item(event) }
}

/// What happened, to what, where that is not the person.
fn title(event: &Event) -> String {
    let label = event.kind.label();
    match event.kind {
        EventKind::PasskeyCreated
        | EventKind::PasskeyRenamed
        | EventKind::PasskeyRevoked
        | EventKind::GroupMemberAdded
        | EventKind::GroupMemberRemoved
            if !event.target.is_empty() =>
        {
            format!("{label}: {}", event.target)
        }
        _ => label.to_owned(),
    }
}

const fn look(event: &Event) -> (Glyph, Tone) {
    let icon = match event.kind {
        EventKind::IdentityCreated | EventKind::GroupCreated => Glyph::Plus,
        EventKind::IdentityUpdated | EventKind::GroupUpdated | EventKind::PasskeyRenamed => Glyph::Edit,
        EventKind::IdentitySuspended => Glyph::Pause,
        EventKind::IdentityReactivated => Glyph::Play,
        EventKind::IdentityDeleted | EventKind::GroupDeleted => Glyph::Trash,
        EventKind::GroupMemberAdded | EventKind::GroupMemberRemoved | EventKind::RoleBound => Glyph::Groups,
        EventKind::PolicyDrafted | EventKind::PolicyDiscarded | EventKind::PolicyPublished => Glyph::Policy,
        EventKind::BrandingDrafted | EventKind::BrandingDiscarded | EventKind::BrandingPublished => Glyph::Branding,
        EventKind::BindingJobCreated | EventKind::MailSent | EventKind::BatchStarted | EventKind::BatchEnded => Glyph::Send,
        EventKind::BindingJobOpened => Glyph::Link,
        EventKind::BindingJobDelivered | EventKind::PasskeyCreated | EventKind::PasskeyConfirmed => Glyph::Passkey,
        EventKind::BindingJobCompleted => Glyph::Check,
        EventKind::BindingJobExpired => Glyph::Clock,
        EventKind::BindingJobRevoked | EventKind::PasskeyRevoked => Glyph::Close,
        EventKind::MailFailed | EventKind::MailUncertain | EventKind::MailRead | EventKind::LinkRequested => Glyph::Mail,
        EventKind::EnrollmentFailed | EventKind::SignInDenied => Glyph::Error,
        EventKind::SignInAllowed => Glyph::User,
        EventKind::RealmCreated
        | EventKind::RealmUpdated
        | EventKind::RealmDeleted
        | EventKind::RealmEntered
        | EventKind::TenantUpdated => Glyph::Realm,
        EventKind::TokenCreated | EventKind::TokenRevoked | EventKind::ClientSecretCreated | EventKind::ClientSecretRevoked => Glyph::Token,
        EventKind::SignedOut | EventKind::SessionEnded => Glyph::SignOut,
        EventKind::EventsExported | EventKind::EventsRemoved => Glyph::Events,
    };
    let tone = match (event.outcome, event.kind) {
        (EventOutcome::Denied, _) => Tone::Danger,
        (_, EventKind::IdentitySuspended | EventKind::MailUncertain) => Tone::Warning,
        (_, EventKind::BindingJobCompleted | EventKind::PasskeyCreated) => Tone::Success,
        _ => Tone::Neutral,
    };
    (icon, tone)
}

/// Who did it, what exactly, from where: what is known of each.
fn detail(event: &Event) -> String {
    let mut parts = Vec::new();
    if !event.actor.is_empty() {
        parts.push(format!("By {}", event.actor));
    }
    parts.extend(event.detail.iter().filter_map(|(name, text)| told(event, name, text)));
    if !event.address.is_empty() {
        parts.push(format!("from {}", event.address));
    }
    parts.join(" · ")
}

/// One detail in words; ids and what the title says already are left out.
fn told(event: &Event, name: &str, detail: &Detail) -> Option<String> {
    let text = match detail {
        Detail::Change { before, after } => {
            let side = |text: &str| if text.trim().is_empty() { "(empty)".to_owned() } else { text.trim().to_owned() };
            return Some(format!("{}: {} → {}", detail_label(name), side(before), side(after)));
        }
        Detail::Text(text) if text.is_empty() => return None,
        Detail::Text(text) => text.as_str(),
    };
    match name {
        "passkey" | "aaguid" | "hash" | "realm" => None,
        "delivery" => Some(if text == "EMAIL" { "by e-mail" } else { "link shown at the desk" }.to_owned()),
        "rule" if text == "none" => Some("no rule of the policy lets them in".to_owned()),
        "rule" if text == "suspended" => Some("the identity is suspended".to_owned()),
        "rule" => Some(format!("by rule {text} of the policy")),
        // The mail server's own words.
        "reason" if matches!(event.kind, EventKind::MailFailed | EventKind::MailUncertain) => Some(text.to_owned()),
        "reason" if event.outcome == EventOutcome::Denied => Some(refusal(text)),
        "source" => Source::read(text).map(|source| source_label(source).to_owned()),
        field => Some(format!("{}: {text}", detail_label(field))),
    }
}

/// What a detail is called.
pub(super) fn detail_label(name: &str) -> String {
    let label = field_label(name);
    if label != name {
        return label.to_owned();
    }
    // Not a field of an identity: "rate_limit" reads "Rate limit".
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).map(|letter| if letter == '_' { ' ' } else { letter }).collect()
}

/// Whether what was tried was done.
pub(super) const fn outcome(outcome: EventOutcome) -> &'static str {
    match outcome {
        EventOutcome::Success => "Done",
        EventOutcome::Denied => "Denied",
    }
}

/// Why something was refused, from the code that the log keeps.
fn refusal(code: &str) -> String {
    match code {
        "revoked" => "the passkey is revoked".to_owned(),
        "no_role" => "no role in the console is bound to their groups".to_owned(),
        "username" => "the passkey is not the one of the username that was typed".to_owned(),
        code => code.strip_prefix("webauthn_").unwrap_or(code).replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::event::{EventActor, EventTarget};
    use domain::{EventId, Timestamp};

    fn text(text: &str) -> Detail {
        Detail::Text(text.to_owned())
    }

    fn event(kind: EventKind, outcome: EventOutcome, detail: &[(&str, Detail)]) -> Event {
        Event {
            id: EventId::from_i64(1),
            at: Timestamp::from_micros(0),
            kind,
            outcome,
            by: EventActor::Operator,
            actor: "Ana Martins".into(),
            about: EventTarget::Realm,
            target: "Chrome on Android".into(),
            detail: detail.iter().map(|(name, detail)| ((*name).to_owned(), detail.clone())).collect(),
            address: "203.0.113.7".into(),
            request_id: String::new(),
            seal: None,
        }
    }

    #[test]
    fn an_edit_says_who_changed_what_from_where() {
        let edit = event(
            EventKind::IdentityUpdated,
            EventOutcome::Success,
            &[("username", Detail::change("zoe", "zoë")), ("region", Detail::change("", "Skåne"))],
        );
        let line = item(&edit);
        assert_eq!(line.title, "Identity edited");
        assert_eq!(line.detail, "By Ana Martins · Region: (empty) → Skåne · Username: zoe → zoë · from 203.0.113.7");
    }

    #[test]
    fn a_passkey_is_named_and_its_id_is_not_told() {
        let made = item(&event(EventKind::PasskeyCreated, EventOutcome::Success, &[("aaguid", text("0-0")), ("passkey", text("00ab"))]));
        assert_eq!(made.title, "Passkey created: Chrome on Android");
        assert_eq!(made.detail, "By Ana Martins · from 203.0.113.7");
    }

    #[test]
    fn a_line_of_the_realms_log_says_whom_it_is_about() {
        let edit = event(EventKind::IdentityUpdated, EventOutcome::Success, &[]);
        assert_eq!(whole_item(&edit).title, "Identity edited: Chrome on Android");
        let nobody = Event { target: String::new(), ..edit };
        assert_eq!(whole_item(&nobody).title, "Identity edited");
    }

    #[test]
    fn a_refusal_stands_out_and_says_why() {
        let denied = event(EventKind::SignInDenied, EventOutcome::Denied, &[("reason", text("webauthn_not_verified"))]);
        assert_eq!(item(&denied).tone, Tone::Danger);
        assert!(item(&denied).detail.contains("· not verified ·"), "{}", item(&denied).detail);
    }

    #[test]
    fn a_persons_own_reason_is_left_as_it_is() {
        let revoked = event(EventKind::PasskeyRevoked, EventOutcome::Success, &[("reason", text("lost_phone"))]);
        assert!(item(&revoked).detail.contains("Reason: lost_phone"));
        let without = event(EventKind::PasskeyRevoked, EventOutcome::Success, &[("reason", text(""))]);
        assert!(!item(&without).detail.contains("Reason"));
    }
}
