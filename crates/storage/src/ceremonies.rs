//! WebAuthn ceremonies under way. Each is taken out in one step before its answer is verified, so that a challenge
//! serves once even against two requests at the same time.

use domain::{BindingJobId, Timestamp};

use crate::{Result, Tx};

/// What a ceremony is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CeremonyKind {
    /// The passkey will belong to this job's identity.
    Enrollment(BindingJobId),
    /// Somebody signs in.
    SignIn,
}

#[derive(Debug, Clone)]
pub struct Ceremony {
    pub kind: CeremonyKind,
    /// The verifier's serialised state.
    pub state: String,
    pub expires_at: Timestamp,
}

impl Tx {
    pub async fn insert_ceremony(&mut self, id_hash: &[u8; 32], ceremony: &Ceremony) -> Result<()> {
        let (kind, job) = match &ceremony.kind {
            CeremonyKind::Enrollment(job) => ("enrollment", Some(job.get())),
            CeremonyKind::SignIn => ("sign_in", None),
        };
        let sql = "INSERT INTO ceremonies (id_hash, kind, job_id, state, expires_at) VALUES ($1, $2, $3, $4, $5)";
        execute!(self, sql, id_hash.as_slice(), kind, job, ceremony.state.as_str(), ceremony.expires_at.micros());
        Ok(())
    }

    /// Takes the ceremony out; whoever comes second finds nothing.
    pub async fn take_ceremony(&mut self, id_hash: &[u8; 32]) -> Result<Option<Ceremony>> {
        let sql = "DELETE FROM ceremonies WHERE id_hash = $1 RETURNING job_id, state, expires_at";
        let row = fetch_optional!(self, (Option<i64>, String, i64), sql, id_hash.as_slice());
        Ok(row.map(|(job, state, expires_at)| Ceremony {
            kind: job.map_or(CeremonyKind::SignIn, |job| CeremonyKind::Enrollment(BindingJobId::from_i64(job))),
            state,
            expires_at: Timestamp::from_micros(expires_at),
        }))
    }

    /// Removes ceremonies that nobody finished, sessions that are over, and limits that no longer hold anybody back.
    pub async fn sweep(&mut self, now: Timestamp) -> Result<()> {
        execute!(self, "DELETE FROM ceremonies WHERE expires_at <= $1", now.micros());
        execute!(self, "DELETE FROM sessions WHERE expires_at <= $1", now.micros());
        execute!(self, "DELETE FROM rate_limits WHERE used_until <= $1", now.micros());
        Ok(())
    }
}
