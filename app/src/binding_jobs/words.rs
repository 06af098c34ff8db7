//! Binding jobs in words.

use domain::binding_job::{DeliveryMethod, State};
use domain::mail::MailState;
use domain::record::{Job, Step};

use crate::ui::{Glyph, TimelineItem, Tone, TrackState};

/// Where a job stands on its four steps. `reached`: how far it came before it ended.
pub(super) fn track(state: State, reached: State) -> TrackState {
    let steps = match reached {
        State::LinkOpened => 2,
        State::RequestDelivered => 3,
        _ => 1,
    };
    let ended = |reached, word: &str, tone| TrackState::Ended { reached, word: word.to_owned(), tone };
    match state {
        State::LinkSent => TrackState::Sent,
        State::LinkOpened => TrackState::Opened,
        State::RequestDelivered => TrackState::InProgress,
        State::Complete => TrackState::Complete,
        State::Expired => ended(steps, "Expired", Tone::Neutral),
        State::Revoked => ended(steps, "Revoked", Tone::Neutral),
        State::FailedToSend => ended(0, "Not sent", Tone::Danger),
    }
}

/// How the person gets the link, and how far a mail with it has come.
pub(super) fn delivery(job: &Job) -> String {
    let to = job.email.as_deref().map_or_else(|| "E-mail".to_owned(), |address| format!("E-mail to {address}"));
    match (job.delivery, job.mail) {
        (DeliveryMethod::Return, _) => "Link shown at the desk".to_owned(),
        (DeliveryMethod::Email, None) => to,
        (DeliveryMethod::Email, Some(state)) => format!("{to}: {}", mail(state)),
    }
}

/// Where a mail stands.
const fn mail(state: MailState) -> &'static str {
    match state {
        MailState::Queued => "waits to be sent",
        MailState::Sending | MailState::HandedOver => "is being sent",
        MailState::Sent => "sent",
        MailState::Uncertain => "perhaps sent",
        MailState::Failed => "refused",
        MailState::Dropped => "not sent, its link had ended",
    }
}

/// Why a job led to no passkey, and what to do; empty for one that did, or still can.
pub(super) const fn end(state: State) -> &'static str {
    match state {
        State::Expired => "The link ended before a passkey was created. A new link can be handed out.",
        State::Revoked => "The link was taken back. It leads nowhere any more.",
        State::FailedToSend => "The mail server refused the mail. Check the address, then send it again, or hand out a link at the desk.",
        State::LinkSent | State::LinkOpened | State::RequestDelivered | State::Complete => "",
    }
}

const fn step_title(state: State, delivery: DeliveryMethod) -> &'static str {
    match state {
        State::LinkSent => match delivery {
            DeliveryMethod::Email => "Invitation written",
            DeliveryMethod::Return => "Link handed out",
        },
        State::LinkOpened => "Link opened",
        State::RequestDelivered => "Passkey creation started",
        State::Complete => "Passkey created",
        State::Expired => "Link expired",
        State::FailedToSend => "Link could not be sent",
        State::Revoked => "Link revoked",
    }
}

const fn step_look(state: State) -> (Glyph, Tone) {
    match state {
        State::LinkSent => (Glyph::Send, Tone::Neutral),
        State::LinkOpened => (Glyph::Link, Tone::Accent),
        State::RequestDelivered => (Glyph::Passkey, Tone::Accent),
        State::Complete => (Glyph::Check, Tone::Success),
        State::Expired => (Glyph::Clock, Tone::Neutral),
        State::FailedToSend => (Glyph::Error, Tone::Danger),
        State::Revoked => (Glyph::Close, Tone::Neutral),
    }
}

/// A job's history as a timeline.
pub(super) fn timeline(steps: &[Step], delivery: DeliveryMethod) -> Vec<TimelineItem> {
    let item = |step: &Step| {
        let (icon, tone) = step_look(step.state);
        TimelineItem { icon, tone, title: step_title(step.state, delivery).to_owned(), at: step.at.micros(), detail: step.device.clone() }
    };
    steps.iter().map(item).collect()
}

/// What the person did, for whoever waits at the desk: "Zoë Ångström added a passkey: Chrome on Android".
pub(super) fn added(name: &str, steps: &[Step]) -> Option<String> {
    let last = steps.iter().find(|step| step.state == State::Complete)?;
    Some(if last.device.is_empty() { format!("{name} added a passkey") } else { format!("{name} added a passkey: {}", last.device) })
}

/// Whether a job asks for a new link that nobody has handed out yet: no newer job of the person is in the list.
pub(super) fn is_asked_for(job: &Job, all: &[Job]) -> bool {
    job.link_requested_at.is_some() && !all.iter().any(|other| other.identity == job.identity && other.id > job.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{BindingJobId, IdentityId, Timestamp};

    fn job(id: i64, identity: i64, asked: bool) -> Job {
        Job {
            id: BindingJobId::from_i64(id),
            identity: IdentityId::from_i64(identity),
            display_name: "Zoë".into(),
            email: None,
            state: State::Expired,
            reached: State::LinkSent,
            delivery: DeliveryMethod::Return,
            redirect_uri: None,
            batch: None,
            mail: None,
            passkey: None,
            link_requested_at: asked.then_some(Timestamp::from_micros(1)),
            created_at: Timestamp::from_micros(0),
            updated_at: Timestamp::from_micros(0),
            expires_at: Timestamp::from_micros(0),
        }
    }

    #[test]
    fn only_an_end_without_a_passkey_explains_itself() {
        for state in State::ALL {
            let explained = !end(*state).is_empty();
            assert_eq!(explained, !state.is_open() && *state != State::Complete, "{state}");
            assert_eq!(explained, matches!(track(*state, State::LinkSent), TrackState::Ended { .. }), "{state}");
        }
    }

    #[test]
    fn a_link_that_ended_shows_how_far_it_came() {
        let ended = |reached| match track(State::Expired, reached) {
            TrackState::Ended { reached, .. } => reached,
            other => panic!("{other:?}"),
        };
        assert_eq!([State::LinkSent, State::LinkOpened, State::RequestDelivered].map(ended), [1, 2, 3]);
    }

    #[test]
    fn a_new_link_is_asked_for_until_one_is_handed_out() {
        let asking = job(5, 1, true);
        assert!(is_asked_for(&asking, &[job(9, 2, false), asking.clone(), job(3, 1, false)]));
        assert!(!is_asked_for(&asking, &[job(9, 1, false), asking.clone()]));
        assert!(!is_asked_for(&job(5, 1, false), &[]));
    }

    #[test]
    fn the_desk_hears_which_device_it_was() {
        let step = |state, device: &str| Step { state, at: Timestamp::from_micros(0), device: device.into() };
        let steps = [step(State::LinkSent, ""), step(State::LinkOpened, "Firefox on Linux"), step(State::Complete, "Chrome on Android")];
        assert_eq!(added("Zoë Ångström", &steps).as_deref(), Some("Zoë Ångström added a passkey: Chrome on Android"));
        assert_eq!(added("Zoë", &[step(State::Complete, "")]).as_deref(), Some("Zoë added a passkey"));
        assert_eq!(added("Zoë", &steps[..2]), None);
    }
}
