//! Requests that are sent twice: which have been done, and what was answered to them.

use domain::Timestamp;

use crate::{Result, Tx};

/// What is known of a request's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRequest {
    pub request_hash: Vec<u8>,
    pub state: RequestState,
    /// Counts who took the request up.
    pub attempt: i64,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestState {
    /// Somebody is at it, or died of it.
    Running,
    /// What it asked for has happened; the answer is not there, or not yet.
    Done,
    /// Sealed.
    Answered(Vec<u8>),
}

impl Tx {
    /// Takes up a request that nobody has seen; `false` where its key is known.
    pub async fn take_request(&mut self, key_hash: &[u8; 32], request_hash: &[u8; 32], until: Timestamp) -> Result<bool> {
        let sql = "INSERT INTO idempotency_keys (key_hash, request_hash, state, attempt, expires_at) VALUES ($1, $2, 'running', 1, $3) \
            ON CONFLICT DO NOTHING";
        Ok(execute!(self, sql, key_hash.as_slice(), request_hash.as_slice(), until.micros()) == 1)
    }

    pub async fn known_request(&mut self, key_hash: &[u8; 32]) -> Result<Option<KnownRequest>> {
        let sql = "SELECT request_hash, state, attempt, answer, expires_at FROM idempotency_keys WHERE key_hash = $1";
        let row = fetch_optional!(self, (Vec<u8>, String, i64, Option<Vec<u8>>, i64), sql, key_hash.as_slice());
        Ok(row.map(|(request_hash, state, attempt, answer, expires_at)| {
            let state = match (state.as_str(), answer) {
                ("answered", Some(answer)) => RequestState::Answered(answer),
                ("running", _) => RequestState::Running,
                _ => RequestState::Done,
            };
            KnownRequest { request_hash, state, attempt, expires_at: Timestamp::from_micros(expires_at) }
        }))
    }

    /// Takes a request over that its attempt has given up; `false` where somebody else was first.
    pub async fn take_request_over(
        &mut self,
        key_hash: &[u8; 32],
        attempt: i64,
        request_hash: &[u8; 32],
        until: Timestamp,
    ) -> Result<bool> {
        let sql = "UPDATE idempotency_keys SET attempt = attempt + 1, request_hash = $3, state = 'running', answer = NULL, expires_at = $4 \
            WHERE key_hash = $1 AND attempt = $2";
        Ok(execute!(self, sql, key_hash.as_slice(), attempt, request_hash.as_slice(), until.micros()) == 1)
    }

    /// Notes within the change's own transaction that it has happened; `false` where somebody else has taken it over.
    pub async fn request_done(&mut self, key_hash: &[u8; 32], attempt: i64, until: Timestamp) -> Result<bool> {
        let sql = "UPDATE idempotency_keys SET state = 'done', expires_at = $3 WHERE key_hash = $1 AND attempt = $2";
        Ok(execute!(self, sql, key_hash.as_slice(), attempt, until.micros()) == 1)
    }

    /// Keeps the answer.
    pub async fn answer_request(&mut self, key_hash: &[u8; 32], attempt: i64, answer: &[u8], until: Timestamp) -> Result<()> {
        let sql = "UPDATE idempotency_keys SET state = 'answered', answer = $3, expires_at = $4 WHERE key_hash = $1 AND attempt = $2";
        execute!(self, sql, key_hash.as_slice(), attempt, answer, until.micros());
        Ok(())
    }

    /// Forgets a request that came to nothing, so that it can be sent again.
    pub async fn drop_request(&mut self, key_hash: &[u8; 32], attempt: i64) -> Result<()> {
        let sql = "DELETE FROM idempotency_keys WHERE key_hash = $1 AND attempt = $2 AND state = 'running'";
        execute!(self, sql, key_hash.as_slice(), attempt);
        Ok(())
    }

    /// Forgets what is older than it is kept.
    pub async fn sweep_requests(&mut self, now: Timestamp) -> Result<u64> {
        Ok(execute!(self, "DELETE FROM idempotency_keys WHERE expires_at <= $1", now.micros()))
    }
}
