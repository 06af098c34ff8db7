//! Batches: binding jobs for many people, asked for at once and made one after the other.

use crate::identity::spelled;
use crate::{BatchId, BindingJobId, IdentityId, Timestamp};

/// So many people are in one batch at most.
pub const MOST_IN_BATCH: usize = 1_000;

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchState {
    /// Somebody's job is still to be made.
    Running,
    /// Nobody's was made.
    Failed,
    PartialSuccess,
    Success,
}

spelled!(BatchState { Running = "RUNNING", Failed = "FAILED", PartialSuccess = "PARTIAL_SUCCESS", Success = "SUCCESS" });

/// What became of one person in a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultState {
    Pending,
    Success,
    Failure,
}

spelled!(ResultState { Pending = "PENDING", Success = "SUCCESS", Failure = "FAILURE" });

/// How many people of a batch stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BatchCounts {
    pub pending: u64,
    pub success: u64,
    pub failure: u64,
}

impl BatchCounts {
    #[must_use]
    pub const fn all(self) -> u64 {
        self.pending + self.success + self.failure
    }

    /// What the people's results make of the whole.
    #[must_use]
    pub const fn state(self) -> BatchState {
        match self {
            Self { pending: 1.., .. } => BatchState::Running,
            Self { failure: 0, .. } => BatchState::Success,
            Self { success: 0, .. } => BatchState::Failed,
            _ => BatchState::PartialSuccess,
        }
    }
}

/// A batch as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub id: BatchId,
    pub counts: BatchCounts,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Batch {
    #[must_use]
    pub const fn state(&self) -> BatchState {
        self.counts.state()
    }
}

/// What became of one person in a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchResult {
    /// The person's place in the batch, from 1 on.
    pub position: i64,
    pub identity: IdentityId,
    pub state: ResultState,
    /// The job that was made; it goes with its person.
    pub job: Option<BindingJobId>,
    /// Why none was made; empty where one was, or is to be.
    pub words: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_stands_where_its_people_do() {
        for (pending, success, failure, state) in [
            (1, 0, 0, BatchState::Running),
            (1, 5, 5, BatchState::Running),
            (0, 2, 0, BatchState::Success),
            (0, 0, 2, BatchState::Failed),
            (0, 1, 1, BatchState::PartialSuccess),
        ] {
            let counts = BatchCounts { pending, success, failure };
            assert_eq!((counts.state(), counts.all()), (state, pending + success + failure));
        }
    }
}
