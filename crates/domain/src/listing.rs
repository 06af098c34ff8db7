//! What a list is asked for, and what it answers: a page at a time, by key.

use serde::{Deserialize, Serialize};

use crate::event::{EventActor, EventKind, EventOutcome, EventTarget};
use crate::identity::{EnrollmentStatus, Source, Status, spelled};
use crate::mail::Mail;
use crate::record::{Event, Group, IdentityRow, Job, Passkey, Step};
use crate::{BindingJobId, EventId, GroupId};

/// What the identities list is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    Name,
    Username,
    #[default]
    Created,
    Updated,
}

spelled!(SortBy { Name = "name", Username = "username", Created = "created", Updated = "updated" });

/// Which side of a row the page lies on. The text is opaque: a page's own `previous` or `next`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    After(String),
    Before(String),
}

/// One page of the identities list; what is absent does not narrow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRequest {
    /// As typed.
    pub search: String,
    pub status: Option<Status>,
    pub enrollment: Option<EnrollmentStatus>,
    pub source: Option<Source>,
    pub group: Option<GroupId>,
    pub sort: SortBy,
    pub descending: bool,
    /// The first page where absent.
    pub position: Option<Position>,
}

impl Default for ListRequest {
    /// Everyone, the newest first.
    fn default() -> Self {
        Self {
            search: String::new(),
            status: None,
            enrollment: None,
            source: None,
            group: None,
            sort: SortBy::Created,
            descending: true,
            position: None,
        }
    }
}

impl ListRequest {
    /// Whether anything narrows the list.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.search.trim().is_empty()
            || self.status.is_some()
            || self.enrollment.is_some()
            || self.source.is_some()
            || self.group.is_some()
    }
}

/// How many rows there are; counting stops where it would cost more than it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Count {
    Exactly(u64),
    MoreThan(u64),
}

/// A page of the identities list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityPage {
    pub rows: Vec<IdentityRow>,
    /// How many the whole list has, all pages together.
    pub count: Count,
    /// For [`Position::Before`], where there is a page before this one.
    pub previous: Option<String>,
    /// For [`Position::After`], where there is a page after this one.
    pub next: Option<String>,
}

/// A page of the groups list, by name; what is absent does not narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupListRequest {
    /// Any part of the name, as typed.
    pub search: String,
    /// A page's own `next`: the first page where absent.
    pub after: Option<String>,
}

/// Groups by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPage {
    pub groups: Vec<Group>,
    /// For [`GroupListRequest::after`], where there are more.
    pub next: Option<String>,
}

/// Binding jobs, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobPage {
    pub jobs: Vec<Job>,
    /// Where to go on, if there are older ones.
    pub next: Option<BindingJobId>,
}

/// What an unfolded binding job shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobHistory {
    pub steps: Vec<Step>,
    /// Of a completed job.
    pub passkey: Option<Passkey>,
    /// Of a job whose link goes by mail.
    pub mail: Option<Mail>,
}

/// What is asked of the audit log; what is absent does not narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventListRequest {
    /// Beginnings of words of the line, all of them wanted.
    pub search: String,
    pub kind: Option<EventKind>,
    pub outcome: Option<EventOutcome>,
    pub actor: Option<EventActor>,
    pub target: Option<EventTarget>,
    /// From this day on, as in 2026-11-25, in UTC; empty for no beginning.
    pub from: String,
    /// To the end of this day; empty for no end.
    pub until: String,
}

/// Lines of the audit log, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityPage {
    pub events: Vec<Event>,
    /// Where to go on, if there are older ones.
    pub next: Option<EventId>,
}
