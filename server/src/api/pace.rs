//! How many requests a token has left, or an application with all its tokens: so many at once, and each comes back after a
//! while (the generic cell rate algorithm). A process counts for itself, and forgets when it ends.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::Timestamp;
use domain::time::Span;
use service::Pace;

/// So many seconds' worth of requests may come at once.
const BURST: u32 = 20;
/// Above this, those that have everything left again are forgotten.
const MOST_KEPT: usize = 10_000;

pub(super) struct Paces {
    per_second: u32,
    /// Until when each has used up what it may.
    used_until: Mutex<HashMap<Pace, i64>>,
}

/// What is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    /// Until all of it is there again.
    pub(super) full_in: Span,
    /// Until the next request is free, where none is.
    pub(super) free_in: Option<Span>,
}

impl Paces {
    pub(super) fn new(per_second: u32) -> Self {
        Self { per_second: per_second.max(1), used_until: Mutex::default() }
    }

    /// Takes one request.
    pub(super) fn take(&self, whose: Pace, now: Timestamp) -> Left {
        let limit = self.per_second.saturating_mul(BURST);
        let each = (1_000_000 / i64::from(self.per_second)).max(1);
        let (now, most) = (now.micros(), each * i64::from(limit));
        let mut all = self.used_until.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > MOST_KEPT {
            all.retain(|_, until| *until > now);
        }
        let until = all.entry(whose).or_insert(now);
        let after = (*until).max(now) + each;
        let free_in = (after - now > most).then(|| micros(after - now - most));
        if free_in.is_none() {
            *until = after;
        }
        let used = (*until).max(now) - now;
        let remaining = u32::try_from((most - used) / each).unwrap_or(0);
        Left { limit, remaining, full_in: micros(used), free_in }
    }
}

fn micros(micros: i64) -> Span {
    Timestamp::from_micros(micros) - Timestamp::from_micros(0)
}

#[cfg(test)]
mod tests {
    use domain::{ApplicationId, TokenId};

    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    #[test]
    fn a_token_has_so_many_and_gets_one_back_after_the_other() {
        let paces = Paces::new(10);
        let (one, other) = (Pace::Token(TokenId::from_i64(1)), Pace::Application(ApplicationId::from_i64(1)));
        for left in (0..200).rev() {
            let taken = paces.take(one, START);
            assert_eq!((taken.limit, taken.remaining, taken.free_in), (200, left, None));
        }
        let refused = paces.take(one, START);
        assert_eq!((refused.remaining, refused.free_in), (0, Some(micros(100_000))));
        assert_eq!(refused.full_in, Span::seconds(20));
        assert_eq!(paces.take(other, START).remaining, 199);
        let later = START + micros(100_000);
        assert_eq!(paces.take(one, later).free_in, None);
        assert!(paces.take(one, later).free_in.is_some());
        assert_eq!(paces.take(one, START + Span::minutes(1)).remaining, 199);
    }
}
