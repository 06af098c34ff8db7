//! How a try to send a mail ended, and what that makes of the mail.

use domain::mail::MailState;

use super::smtp::{Handed, Trouble};

/// How a try ended.
pub(super) struct Outcome {
    pub(super) state: MailState,
    pub(super) words: String,
    /// Whether it was the server's fault and not this mail's.
    pub(super) unreachable: bool,
}

impl Outcome {
    pub(super) fn of(state: MailState, words: impl Into<String>) -> Self {
        Self { state, words: words.into(), unreachable: false }
    }

    pub(super) fn sent() -> Self {
        Self::of(MailState::Sent, "")
    }
}

impl From<Trouble> for Outcome {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Server(words) => Self { unreachable: true, ..Self::of(MailState::Queued, words) },
            Trouble::Later(words) => Self::of(MailState::Queued, words),
            Trouble::Refused(words) => Self::of(MailState::Failed, words),
        }
    }
}

impl From<Handed> for Outcome {
    fn from(handed: Handed) -> Self {
        match handed {
            Handed::Taken => Self::sent(),
            Handed::Later(words) => Self::of(MailState::Queued, words),
            Handed::Refused(words) => Self::of(MailState::Failed, words),
            // The next one would fare no better.
            Handed::Unheard(words) => Self { unreachable: true, ..Self::of(MailState::Uncertain, words) },
        }
    }
}
