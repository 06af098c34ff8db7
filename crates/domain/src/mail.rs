//! Mails: what becomes of an invitation between its writing and its sending.

use serde::{Deserialize, Serialize};

use crate::identity::spelled;
use crate::{BindingJobId, IdentityId, Timestamp};

/// Where a mail stands. A mail is sent at most once; `Queued` and `Sending` are tried again, everything below them is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MailState {
    /// Waits for its first or next try.
    Queued,
    /// A process is at it; the server has not been given the text yet.
    Sending,
    /// The text is on its way: from here on the server may have taken it.
    HandedOver,
    /// The server has taken it.
    Sent,
    /// Whether the server has taken it was never heard (RFC 5321, §4.5.3.2.6): it is not sent again by itself.
    Uncertain,
    /// The server refused it for good.
    Failed,
    /// Its link ended before it was sent.
    Dropped,
}

spelled!(MailState {
    Queued = "QUEUED",
    Sending = "SENDING",
    HandedOver = "HANDED_OVER",
    Sent = "SENT",
    Uncertain = "UNCERTAIN",
    Failed = "FAILED",
    Dropped = "DROPPED",
});

impl MailState {
    /// Whether it is still on its way.
    #[must_use]
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::Queued | Self::Sending | Self::HandedOver)
    }
}

/// A mail of the outbox, known by its binding job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub job: BindingJobId,
    pub identity: IdentityId,
    pub display_name: String,
    /// The address on file when the invitation was written.
    pub recipient: String,
    pub state: MailState,
    pub attempts: u32,
    /// When it is tried next, where it waits.
    pub due_at: Option<Timestamp>,
    /// What the server said last, or why it could not be asked; empty where all went well.
    pub words: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How many mails stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailCounts {
    pub waiting: u64,
    pub sent: u64,
    pub uncertain: u64,
    pub failed: u64,
    pub dropped: u64,
}

impl MailCounts {
    pub fn add(&mut self, state: MailState, count: u64) {
        let counted = match state {
            MailState::Queued | MailState::Sending | MailState::HandedOver => &mut self.waiting,
            MailState::Sent => &mut self.sent,
            MailState::Uncertain => &mut self.uncertain,
            MailState::Failed => &mut self.failed,
            MailState::Dropped => &mut self.dropped,
        };
        *counted += count;
    }
}

/// Which mails a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailFilter {
    Waiting,
    Sent,
    Uncertain,
    Failed,
    Dropped,
}

spelled!(MailFilter { Waiting = "waiting", Sent = "sent", Uncertain = "uncertain", Failed = "failed", Dropped = "dropped" });

/// One page of the outbox, the newest first, and where it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPage {
    pub mails: Vec<Mail>,
    pub next: Option<BindingJobId>,
}

/// How mails leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailWay {
    /// By this server; host and port, and how the connection is protected, in words.
    Server { name: String, protection: String },
    /// Into files of this folder: no server is set.
    Files { folder: String },
}

/// The mail page's head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDesk {
    pub way: MailWay,
    pub sender: String,
    pub counts: MailCounts,
}

/// A mail that lies in a file, as its person would read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedMail {
    pub recipient: String,
    pub subject: String,
    pub text: String,
    pub link: Option<String>,
}

/// Who is to be invited by one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Invitees {
    These(Vec<IdentityId>),
    /// The members of a group, from behind this one on.
    Group {
        group: crate::GroupId,
        after: Option<IdentityId>,
    },
}

/// What became of a bulk invitation, or of a part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    pub invited: u64,
    /// They have a passkey.
    pub enrolled: u64,
    /// A mail to them is open already.
    pub pending: u64,
    /// They have no address on file.
    pub without_address: u64,
    pub suspended: u64,
    /// They may do more than whoever invites, or are gone.
    pub refused: u64,
    /// Behind whom a group's next part begins.
    pub next: Option<IdentityId>,
}

impl Invited {
    /// Both parts together; what comes next is the later one's.
    #[must_use]
    pub fn and(self, later: Self) -> Self {
        Self {
            invited: self.invited + later.invited,
            enrolled: self.enrolled + later.enrolled,
            pending: self.pending + later.pending,
            without_address: self.without_address + later.without_address,
            suspended: self.suspended + later.suspended,
            refused: self.refused + later.refused,
            next: later.next,
        }
    }
}
