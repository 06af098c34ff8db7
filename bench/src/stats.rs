//! Times: collected, and told by their median and 95th percentile.

use std::time::Duration;

#[derive(Default)]
pub(crate) struct Samples(Vec<Duration>);

impl FromIterator<Duration> for Samples {
    fn from_iter<I: IntoIterator<Item = Duration>>(samples: I) -> Self {
        Self(samples.into_iter().collect())
    }
}

impl Samples {
    pub(crate) fn push(&mut self, sample: Duration) {
        self.0.push(sample);
    }

    pub(crate) fn median(&self) -> Duration {
        self.quantile(50)
    }

    pub(crate) fn p95(&self) -> Duration {
        self.quantile(95)
    }

    /// The smallest sample that so many in a hundred do not exceed; zero without samples.
    fn quantile(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100);
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

/// How many times longer the first is than the second.
pub(crate) fn ratio(long: Duration, short: Duration) -> f64 {
    long.as_secs_f64() / short.as_secs_f64()
}

/// A time with three digits that count.
pub(crate) fn words(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1_000.0;
    let digits = if millis >= 100.0 {
        0
    } else if millis >= 10.0 {
        1
    } else if millis >= 1.0 {
        2
    } else {
        3
    };
    format!("{millis:.digits$} ms")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(millis: impl IntoIterator<Item = u64>) -> Samples {
        millis.into_iter().map(Duration::from_millis).collect()
    }

    #[test]
    fn median_and_p95_are_taken_from_the_sorted_samples() {
        let hundred = samples((1..=100).rev());
        assert_eq!(hundred.median(), Duration::from_millis(50));
        assert_eq!(hundred.p95(), Duration::from_millis(95));
        assert_eq!(samples([7]).p95(), Duration::from_millis(7));
        assert_eq!(samples([]).median(), Duration::ZERO);
    }

    #[test]
    fn times_read_with_three_digits() {
        assert_eq!(words(Duration::from_micros(312)), "0.312 ms");
        assert_eq!(words(Duration::from_micros(1_234)), "1.23 ms");
        assert_eq!(words(Duration::from_millis(1_234)), "1234 ms");
    }
}
