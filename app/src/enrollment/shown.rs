//! What the page shows at each stage: a plain value of the stage and of what is around it.

use domain::binding_job::host_of;

use super::stage::{Closed, Failure, Stage};
use super::words::{Around, Said};
use crate::ui::EnrollmentPhase;

/// What the large button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Create,
    /// The page is done with: there is a passkey already.
    Know,
    Ask,
    Reload,
}

/// What unfolds for whoever needs more than a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Help {
    ScreenLock,
    Browsers,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub phase: EnrollmentPhase,
    pub said: Said,
    /// The large button, with its word.
    pub act: Option<(Act, &'static str)>,
    /// The word on the quieter button below it, which makes the passkey on another device.
    pub other_device: Option<&'static str>,
    pub busy: bool,
    /// The way on into the console.
    pub console: bool,
    /// The way on to where the link's maker wants the person: the address, and the host to show.
    pub onward: Option<(String, String)>,
    /// The new passkey's name.
    pub passkey: Option<String>,
    pub help: Option<Help>,
    /// Who the link is for and how long it lasts: while it can be used.
    pub link: bool,
}

impl Shown {
    pub(super) fn at(stage: &Stage, around: &Around<'_>) -> Self {
        Self {
            phase: stage.phase(),
            said: stage.says(around),
            act: stage.act(around.asked),
            other_device: stage.other_device(around.elsewhere),
            busy: around.asking || matches!(stage, Stage::Working(_)),
            console: matches!(stage, Stage::Done { signed_in: true, .. }),
            onward: stage.onward(),
            passkey: if let Stage::Done { passkey, .. } = stage { passkey.clone() } else { None },
            help: stage.help(),
            link: matches!(stage, Stage::Ready | Stage::Working(_) | Stage::Failed(_)),
        }
    }
}

impl Stage {
    fn phase(&self) -> EnrollmentPhase {
        match self {
            Self::Ready => EnrollmentPhase::Ready,
            Self::Working(_) => EnrollmentPhase::Working,
            // A device that has one already is no failure to its owner.
            Self::Done { .. } | Self::Set | Self::Failed(Failure::DeviceHasOne) => EnrollmentPhase::Done,
            Self::Failed(_) => EnrollmentPhase::Failed,
            Self::Closed(_) => EnrollmentPhase::Closed,
        }
    }

    fn onward(&self) -> Option<(String, String)> {
        let Self::Done { continue_to: Some(address), .. } = self else { return None };
        Some((address.clone(), host_of(address).to_owned()))
    }

    fn act(&self, asked: bool) -> Option<(Act, &'static str)> {
        Some(match self {
            Self::Ready | Self::Working(_) => (Act::Create, "Create a passkey"),
            Self::Failed(Failure::NoPasskeys | Failure::NotSecure | Failure::WrongAddress) => return None,
            Self::Failed(Failure::DeviceHasOne) => (Act::Know, "Done"),
            Self::Failed(Failure::NotStored) => (Act::Create, "Store my passkey"),
            Self::Failed(_) => (Act::Create, "Try again"),
            Self::Closed(Closed::NotSeen) => (Act::Reload, "Try again"),
            Self::Closed(Closed::Unknown) if !asked => (Act::Ask, "Tell the administrators"),
            Self::Closed(why) if why.can_ask() && !asked => (Act::Ask, "Ask for a new link"),
            Self::Done { .. } | Self::Set | Self::Closed(_) => return None,
        })
    }

    /// `needed`: this device cannot hold a passkey itself.
    fn other_device(&self, needed: bool) -> Option<&'static str> {
        match self {
            Self::Failed(Failure::NoScreenLock | Failure::NoSuchKind) => Some("Use your phone"),
            Self::Failed(Failure::Cancelled | Failure::DeviceHasOne) => Some("Use another device"),
            Self::Ready if needed => Some("Use your phone"),
            _ => None,
        }
    }

    fn help(&self) -> Option<Help> {
        match self {
            Self::Failed(Failure::NoScreenLock) => Some(Help::ScreenLock),
            Self::Failed(Failure::NoSuchKind | Failure::NoPasskeys) => Some(Help::Browsers),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AROUND: Around<'static> =
        Around { name: "Zoë", organization: "Example", host: "", asked: false, asking: false, ask_trouble: "", elsewhere: false };

    fn shown(stage: &Stage) -> Shown {
        Shown::at(stage, &AROUND)
    }

    #[test]
    fn a_failure_that_another_attempt_can_mend_offers_one() {
        for failure in Failure::all() {
            let hopeless = matches!(failure, Failure::NoPasskeys | Failure::NotSecure | Failure::WrongAddress);
            assert_eq!(shown(&Stage::Failed(failure)).act.is_none(), hopeless);
        }
    }

    #[test]
    fn a_new_link_can_be_asked_for_once_and_only_where_somebody_can_answer() {
        let act = |why: Closed, asked: bool| Shown::at(&Stage::Closed(why), &Around { asked, ..AROUND }).act.map(|(act, _)| act);
        for why in [Closed::Used, Closed::Expired, Closed::Revoked, Closed::Unknown] {
            assert_eq!(act(why, false), Some(Act::Ask));
            assert_eq!(act(why, true), None);
        }
        assert_eq!(act(Closed::Suspended, false), None);
        assert_eq!(act(Closed::NotSeen, false), Some(Act::Reload));
    }

    #[test]
    fn a_device_that_can_hold_no_passkey_is_offered_the_phone_from_the_beginning() {
        assert_eq!(shown(&Stage::Ready).other_device, None);
        assert_eq!(Shown::at(&Stage::Ready, &Around { elsewhere: true, ..AROUND }).other_device, Some("Use your phone"));
    }

    #[test]
    fn whoever_is_signed_in_is_led_on() {
        let done = |signed_in| shown(&Stage::Done { passkey: Some("Chrome on Android".into()), signed_in, continue_to: None });
        assert!(done(true).console && !done(false).console);
        assert_eq!(done(false).passkey.as_deref(), Some("Chrome on Android"));
        assert_eq!(done(false).onward, None);
    }

    #[test]
    fn the_way_on_is_shown_by_its_host_alone() {
        let address = "https://example.com:8443/welcome?to=zoe";
        let done = shown(&Stage::Done { passkey: None, signed_in: false, continue_to: Some(address.into()) });
        assert_eq!(done.onward, Some((address.to_owned(), "example.com".to_owned())));
    }
}
