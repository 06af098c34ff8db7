//! Binding jobs: one invitation to bind a passkey, from the link's sending to its end.
//!
//! Each state is a variant that holds what is true in it; a transition consumes the job and gives the next one, so
//! that a job which has ended cannot be opened, completed or revoked by mistake.

mod terms;

use serde::{Deserialize, Serialize};

use crate::identity::spelled;
use crate::{PasskeyId, Timestamp};

pub use terms::{JobTerms, host_of};

/// The state as the API spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    LinkSent,
    LinkOpened,
    RequestDelivered,
    Complete,
    Expired,
    FailedToSend,
    Revoked,
}

spelled!(State {
    LinkSent = "LINK_SENT",
    LinkOpened = "LINK_OPENED",
    RequestDelivered = "REQUEST_DELIVERED",
    Complete = "COMPLETE",
    Expired = "EXPIRED",
    FailedToSend = "FAILED_TO_SEND",
    Revoked = "REVOKED",
});

impl State {
    /// Whether the link can still become a passkey.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::LinkSent | Self::LinkOpened | Self::RequestDelivered)
    }
}

/// How the person gets the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryMethod {
    /// Sent to the identity's address.
    Email,
    /// Handed to whoever asked for it, once.
    Return,
}

spelled!(DeliveryMethod { Email = "EMAIL", Return = "RETURN" });

/// What an open job knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    pub expires_at: Timestamp,
}

/// A job in its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingJob {
    LinkSent(Open),
    LinkOpened(Open),
    RequestDelivered(Open),
    Complete { passkey: PasskeyId },
    Expired,
    FailedToSend,
    Revoked,
}

/// Why a link leads nowhere any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    #[error("the link has been used")]
    Used,
    #[error("the link has expired")]
    Expired,
    #[error("the link was withdrawn")]
    Revoked,
}

impl BindingJob {
    /// A new job: the link is on its way.
    #[must_use]
    pub const fn send(expires_at: Timestamp) -> Self {
        Self::LinkSent(Open { expires_at })
    }

    #[must_use]
    pub const fn state(&self) -> State {
        match self {
            Self::LinkSent(_) => State::LinkSent,
            Self::LinkOpened(_) => State::LinkOpened,
            Self::RequestDelivered(_) => State::RequestDelivered,
            Self::Complete { .. } => State::Complete,
            Self::Expired => State::Expired,
            Self::FailedToSend => State::FailedToSend,
            Self::Revoked => State::Revoked,
        }
    }

    /// The open job, or why it is not open any more. A job past its time is expired even before that is written.
    pub fn still_open(self, now: Timestamp) -> Result<Open, Ended> {
        match self {
            Self::LinkSent(open) | Self::LinkOpened(open) | Self::RequestDelivered(open) => {
                if now < open.expires_at {
                    Ok(open)
                } else {
                    Err(Ended::Expired)
                }
            }
            Self::Complete { .. } => Err(Ended::Used),
            Self::Expired => Err(Ended::Expired),
            Self::FailedToSend | Self::Revoked => Err(Ended::Revoked),
        }
    }

    /// The person's browser has opened the link. Opening again changes nothing and never goes back.
    pub fn open(self, now: Timestamp) -> Result<Self, Ended> {
        let open = self.still_open(now)?;
        Ok(if let Self::LinkSent(_) = self { Self::LinkOpened(open) } else { self })
    }

    /// The browser holds the creation options.
    pub fn deliver(self, now: Timestamp) -> Result<Self, Ended> {
        self.still_open(now).map(Self::RequestDelivered)
    }

    /// The passkey is stored; the link is used up.
    pub fn complete(self, passkey: PasskeyId, now: Timestamp) -> Result<Self, Ended> {
        self.still_open(now).map(|_| Self::Complete { passkey })
    }

    /// An administrator takes the link back.
    pub fn revoke(self, now: Timestamp) -> Result<Self, Ended> {
        self.still_open(now).map(|_| Self::Revoked)
    }

    /// The mail with the link was refused for good: `None` for a job whose link has been seen, or that has ended.
    #[must_use]
    pub const fn fail_to_send(self) -> Option<Self> {
        if let Self::LinkSent(_) = self { Some(Self::FailedToSend) } else { None }
    }

    /// Its time is over: `None` for a job that has ended or still has time.
    #[must_use]
    pub fn expire(self, now: Timestamp) -> Option<Self> {
        let over = self.state().is_open() && self.still_open(now).is_err();
        over.then_some(Self::Expired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;
    use proptest::prelude::*;

    const START: Timestamp = Timestamp::from_micros(1_000_000);
    const PASSKEY: PasskeyId = PasskeyId::from_i64(7);

    fn sent() -> BindingJob {
        BindingJob::send(START + Span::days(7))
    }

    #[test]
    fn the_way_from_link_to_passkey() {
        let opened = sent().open(START).expect("it is open");
        assert_eq!(opened.state(), State::LinkOpened);
        let delivered = opened.deliver(START).expect("it is open");
        assert_eq!(delivered.open(START).map(|job| job.state()), Ok(State::RequestDelivered));
        let complete = delivered.complete(PASSKEY, START).expect("it is open");
        assert_eq!(complete, BindingJob::Complete { passkey: PASSKEY });
    }

    #[test]
    fn each_end_says_why() {
        let complete = BindingJob::Complete { passkey: PASSKEY };
        for (job, why) in [
            (complete, Ended::Used),
            (BindingJob::Expired, Ended::Expired),
            (BindingJob::Revoked, Ended::Revoked),
            (BindingJob::FailedToSend, Ended::Revoked),
        ] {
            assert_eq!(job.open(START), Err(why));
            assert_eq!(job.deliver(START), Err(why));
            assert_eq!(job.complete(PASSKEY, START), Err(why));
            assert_eq!(job.revoke(START), Err(why));
            assert_eq!(job.expire(START + Span::days(30)), None);
        }
    }

    #[test]
    fn the_last_microsecond_counts_and_the_next_does_not() {
        let end = START + Span::days(7);
        let before = end - Span::seconds(0);
        assert_eq!(sent().open(before), Err(Ended::Expired));
        assert!(sent().open(Timestamp::from_micros(end.micros() - 1)).is_ok());
        assert_eq!(sent().expire(Timestamp::from_micros(end.micros() - 1)), None);
        assert_eq!(sent().expire(end), Some(BindingJob::Expired));
    }

    #[test]
    fn only_a_link_that_nobody_has_seen_can_fail_to_be_sent() {
        assert_eq!(sent().fail_to_send(), Some(BindingJob::FailedToSend));
        for seen in [sent().open(START).expect("it is open"), sent().deliver(START).expect("it is open"), BindingJob::Revoked] {
            assert_eq!(seen.fail_to_send(), None);
        }
    }

    proptest! {
        // Whatever is tried in whatever order, a job that has ended stays as it ended.
        #[test]
        fn an_end_is_final(steps in prop::collection::vec((0..5u8, 0..20i64), 1..12)) {
            let mut job = sent();
            for (step, day) in steps {
                let now = START + Span::days(day);
                let before = job;
                job = match step {
                    0 => job.open(now).unwrap_or(job),
                    1 => job.deliver(now).unwrap_or(job),
                    2 => job.complete(PASSKEY, now).unwrap_or(job),
                    3 => job.revoke(now).unwrap_or(job),
                    _ => job.expire(now).unwrap_or(job),
                };
                if !before.state().is_open() {
                    prop_assert_eq!(job, before);
                }
            }
        }
    }
}
