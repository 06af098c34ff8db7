//! How often something may be tried, kept where a restart does not forget it.

use domain::Timestamp;
use domain::time::Span;

use crate::{Result, Tx};

impl Tx {
    /// Takes one of `burst` tries, each of which comes back after `period` (the generic cell rate algorithm). `None`
    /// where it was free; else when the next one is.
    pub async fn take_try(&mut self, key: &[u8; 32], burst: u32, period: Span, now: Timestamp) -> Result<Option<Timestamp>> {
        // What is used up reaches at most `burst` periods ahead, so nobody waits for longer than one period.
        let ahead = now.micros().saturating_add(period.micros().saturating_mul(i64::from(burst)));
        let sql = "INSERT INTO rate_limits (key, used_until) VALUES ($1, $2 + $3) ON CONFLICT (key) DO UPDATE SET \
            used_until = CASE WHEN rate_limits.used_until > $2 THEN rate_limits.used_until ELSE $2 END + $3 \
            WHERE rate_limits.used_until + $3 <= $4 RETURNING used_until";
        let taken = fetch_optional!(self, (i64,), sql, key.as_slice(), now.micros(), period.micros(), ahead);
        if taken.is_some() {
            return Ok(None);
        }
        let until = fetch_optional!(self, (i64,), "SELECT used_until FROM rate_limits WHERE key = $1", key.as_slice());
        let free = until.map_or(now.micros(), |(until,)| until + period.micros() - period.micros() * i64::from(burst));
        Ok(Some(Timestamp::from_micros(free.max(now.micros()))))
    }
}
