//! New ids: 42 bits of milliseconds, 10 bits of the process, 11 bits of a counter; they grow within a process.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::Timestamp;

const PROCESS_BITS: u32 = 10;
const COUNTER_BITS: u32 = 11;

/// Makes ids that never repeat within a process and hardly ever between two.
#[derive(Debug)]
pub(crate) struct Ids {
    process: i64,
    /// Milliseconds and counter of the latest id, without the process.
    latest: AtomicI64,
}

impl Ids {
    pub(crate) fn new(random: [u8; 32]) -> Self {
        let process = i64::from(u16::from_be_bytes([random[0], random[1]])) & ((1 << PROCESS_BITS) - 1);
        Self { process, latest: AtomicI64::new(0) }
    }

    /// The next id. A clock that goes back does not make ids go back; more than 2,048 in a millisecond borrow from
    /// the next one.
    pub(crate) fn next(&self, now: Timestamp) -> i64 {
        let earliest = (now.micros() / 1_000) << COUNTER_BITS;
        let step = |latest: i64| Some(earliest.max(latest + 1));
        let before = self.latest.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step).unwrap_or_default();
        let next = earliest.max(before + 1);
        let (millis, counter) = (next >> COUNTER_BITS, next & ((1 << COUNTER_BITS) - 1));
        (millis << (PROCESS_BITS + COUNTER_BITS)) | (self.process << COUNTER_BITS) | counter
    }
}

/// The lowest id that something of this time can have.
pub(crate) const fn first_at(at: Timestamp) -> i64 {
    let millis = at.micros() / 1_000;
    if millis <= 0 { 0 } else { millis.saturating_mul(1 << (PROCESS_BITS + COUNTER_BITS)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_tells_the_lowest_id() {
        let now = Timestamp::from_micros(1_800_000_000_000_000);
        let id = Ids::new([0; 32]).next(now);
        assert_eq!(first_at(now), id);
        assert!(first_at(Timestamp::from_micros(1_800_000_000_001_000)) > id);
        assert_eq!((first_at(Timestamp::from_micros(-5)), first_at(Timestamp::from_micros(i64::MAX))), (0, i64::MAX));
    }

    #[test]
    fn ids_grow_and_never_repeat_even_when_the_clock_goes_back() {
        let ids = Ids::new([0xff; 32]);
        let mut latest = 0;
        for step in 0..10_000i64 {
            let now = Timestamp::from_micros(1_800_000_000_000_000 - step);
            let id = ids.next(now);
            assert!(id > latest);
            latest = id;
        }
    }
}
