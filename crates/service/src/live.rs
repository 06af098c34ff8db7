//! News of what changed, for the pages that are open.

use std::sync::{Arc, Mutex, PoisonError};

use domain::event::EventKind;
use domain::{IdentityId, RealmId};
use tokio::sync::broadcast;

/// How many changes a slow listener may lag behind before it is told to read everything again.
const BACKLOG: usize = 1_024;

/// Something has been committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// By this process.
    Here { realm: RealmId, kind: EventKind, identity: Option<IdentityId> },
    /// By another process, or more than can be told apart: whoever shows something reads it again.
    Somewhere,
}

/// How much of the news a page has heard: the process that told it, and how many it had told. Whoever comes back with
/// another position than the present one has missed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    process: u32,
    changes: u32,
}

impl Heard {
    /// Tells processes on one database apart.
    pub(crate) fn process_name(self) -> String {
        format!("{:08x}", self.process)
    }
}

impl std::fmt::Display for Heard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}{:08x}", self.process, self.changes)
    }
}

/// A change, and the position of whoever has heard it.
#[derive(Debug, Clone, Copy)]
pub struct News {
    pub heard: Heard,
    pub change: Change,
}

#[derive(Debug, Clone)]
pub(crate) struct Live {
    sender: broadcast::Sender<News>,
    heard: Arc<Mutex<Heard>>,
}

impl Live {
    pub(crate) fn new(process: u32) -> Self {
        Self { sender: broadcast::Sender::new(BACKLOG), heard: Arc::new(Mutex::new(Heard { process, changes: 0 })) }
    }

    /// Nobody listening is no error. Counted and sent under one lock, so that positions arrive in their order.
    pub(crate) fn announce(&self, change: Change) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.changes = heard.changes.wrapping_add(1);
        let _ = self.sender.send(News { heard: *heard, change });
    }

    /// Everything from now on, and where now is.
    pub(crate) fn listen(&self) -> (Heard, broadcast::Receiver<News>) {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        (*heard, self.sender.subscribe())
    }

    pub(crate) fn heard(&self) -> Heard {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
