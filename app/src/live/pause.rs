//! How long to wait: before an attempt to connect again, and before telling what was gathered.
#![cfg_attr(not(any(feature = "hydrate", test)), expect(dead_code, reason = "there is no stream on the server"))]

/// Milliseconds before the attempt after `failed` failed ones. `spread`, between 0 and 1, keeps a thousand consoles from
/// coming back in the same moment.
pub(super) fn before_attempt(failed: u32, spread: f64) -> u32 {
    const FIRST: f64 = 400.0;
    const MOST: f64 = 5_000.0;
    let doubled = FIRST * f64::from(1_u32 << failed.min(8));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 200 and 5,000")]
    let pause = (doubled.min(MOST) * (0.5 + spread.clamp(0.0, 1.0) / 2.0)) as u32;
    pause
}

/// Milliseconds to gather changes before telling them, `since_told` milliseconds after the last time: short for the
/// first one, longer while they keep coming.
pub(super) fn before_telling(since_told: f64) -> u32 {
    if since_told < 500.0 { 250 } else { 50 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_few_seconds() {
        let pauses: Vec<u32> = (0..8).map(|failed| before_attempt(failed, 1.0)).collect();
        assert_eq!(pauses, [400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000]);
        assert_eq!(before_attempt(u32::MAX, 1.0), 5_000);
    }

    #[test]
    fn pauses_are_spread_over_their_upper_half() {
        assert_eq!(before_attempt(0, 0.0), 200);
        assert_eq!(before_attempt(0, 0.5), 300);
        assert_eq!(before_attempt(0, 7.0), 400);
    }

    #[test]
    fn a_single_change_is_told_at_once_and_a_flood_four_times_a_second() {
        assert_eq!(before_telling(60_000.0), 50);
        assert_eq!(before_telling(10.0), 250);
    }
}
