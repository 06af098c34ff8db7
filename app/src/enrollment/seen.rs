//! What the page begins with.

#[cfg(feature = "ssr")]
use domain::binding_job::Ended;
#[cfg(feature = "ssr")]
use domain::branding::Appearance;
#[cfg(feature = "ssr")]
use domain::ceremony::LinkState;
use serde::{Deserialize, Serialize};

use super::stage::{Closed, Stage};

/// What the server saw behind the link. Flat, because that is what little code can read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub organization: String,
    /// Where help is; empty for nowhere.
    pub support: String,
    /// Who the link is for, as long as it can be used.
    pub display_name: String,
    pub username: String,
    /// When it can no longer be used, in microseconds since the epoch.
    pub ends_at: i64,
    /// Why it cannot be used, by the code that using it would answer with; empty where it can.
    pub closed: String,
    /// The administrators have been asked for a new one already.
    pub asked: bool,
}

impl Seen {
    pub(super) fn stage(&self) -> Stage {
        if self.closed.is_empty() { Stage::Ready } else { Stage::Closed(Closed::of_code(&self.closed).unwrap_or(Closed::NotSeen)) }
    }
}

#[cfg(feature = "ssr")]
impl Seen {
    pub(super) fn of(appearance: &Appearance, state: Option<LinkState>) -> Self {
        let Appearance { organization, support, .. } = appearance.clone();
        let Some(state) = state else {
            return Self { closed: "not_seen".to_owned(), organization, support, ..Self::default() };
        };
        let closed = |why: &str| Self { closed: why.to_owned(), ..Self::default() };
        let seen = match state {
            LinkState::Open { display_name, username, expires_at } => {
                Self { display_name, username, ends_at: expires_at.micros(), ..Self::default() }
            }
            LinkState::Ended { why: Ended::Used, asked } => Self { asked, ..closed("link_used") },
            LinkState::Ended { why: Ended::Expired, asked } => Self { asked, ..closed("link_expired") },
            LinkState::Ended { why: Ended::Revoked, asked } => Self { asked, ..closed("link_revoked") },
            LinkState::Suspended => closed("link_suspended"),
            LinkState::Unknown => closed("link_unknown"),
        };
        Self { organization, support, ..seen }
    }

    /// The status of the page, for whoever looks at nothing else.
    pub(super) fn status(&self) -> u16 {
        match self.stage() {
            Stage::Closed(Closed::Unknown) => 404,
            Stage::Closed(Closed::Used | Closed::Expired | Closed::Revoked) => 410,
            Stage::Closed(Closed::Suspended) => 403,
            Stage::Closed(Closed::NotSeen) => 503,
            _ => 200,
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::Timestamp;

    fn seen(state: LinkState) -> Seen {
        Seen::of(&Appearance::default(), Some(state))
    }

    #[test]
    fn a_link_that_can_be_used_begins_ready() {
        let open = LinkState::Open { display_name: "Zoë".into(), username: "zoe".into(), expires_at: Timestamp::from_micros(7) };
        let seen = seen(open);
        assert_eq!((seen.stage(), seen.status(), seen.ends_at), (Stage::Ready, 200, 7));
    }

    #[test]
    fn every_other_link_says_why_and_tells_nothing_of_anybody() {
        let states = [
            (LinkState::Ended { why: Ended::Used, asked: false }, Closed::Used, 410),
            (LinkState::Ended { why: Ended::Expired, asked: true }, Closed::Expired, 410),
            (LinkState::Ended { why: Ended::Revoked, asked: false }, Closed::Revoked, 410),
            (LinkState::Suspended, Closed::Suspended, 403),
            (LinkState::Unknown, Closed::Unknown, 404),
        ];
        for (state, why, status) in states {
            let seen = seen(state);
            assert_eq!((seen.stage(), seen.status()), (Stage::Closed(why), status));
            assert_eq!((&*seen.display_name, &*seen.username), ("", ""));
        }
    }

    #[test]
    fn a_link_that_could_not_be_looked_up_is_not_called_unknown() {
        let seen = Seen::of(&Appearance::default(), None);
        assert_eq!((seen.stage(), seen.status()), (Stage::Closed(Closed::NotSeen), 503));
    }
}
