//! Times: the same text on the server and in the first client render, relative from then on.

use super::dom;
use leptos::prelude::*;
use std::time::Duration;

const MICROS: i64 = 1_000_000;
const DAY: i64 = 86_400;

/// A moment, shown as "3 min ago" or "in 6 days", with the exact one on hover and for screen readers.
///
/// `at` is in microseconds since the epoch. Neither the server nor hydration looks at a clock: both write the
/// date, which is about as long as the relative time that replaces it after mounting.
#[component]
pub fn Time(#[prop(into)] at: Signal<i64>) -> impl IntoView {
    let now = RwSignal::new(None::<i64>);
    Effect::new(move || {
        now.set(dom::now_micros());
        let ticking = set_interval_with_handle(
            move || {
                let _ = now.try_set(dom::now_micros());
            },
            Duration::from_secs(30),
        );
        on_cleanup(move || {
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
    });
    let shown = move || match now.get() {
        Some(now) => relative(at.get(), now),
        None => Utc::of(at.get()).date(),
    };
    // Read out after the relative time.
    let exact = move || now.get().map(|_| format!(", {}", Utc::of(at.get()).minute()));
    view! {
        <time class="time" datetime=move || Utc::of(at.get()).rfc3339() title=move || Utc::of(at.get()).second()>
            {shown}
            <span class="sr-only">{exact}</span>
        </time>
    }
}

/// A moment in the parts of the civil calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Utc {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Utc {
    fn of(micros: i64) -> Self {
        let seconds = micros.div_euclid(MICROS);
        let (year, month, day) = civil(seconds.div_euclid(DAY));
        let of_day = seconds.rem_euclid(DAY);
        Self { year, month, day, hour: of_day / 3600, minute: of_day / 60 % 60, second: of_day % 60 }
    }

    fn date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    fn minute(self) -> String {
        format!("{} {:02}:{:02} UTC", self.date(), self.hour, self.minute)
    }

    fn second(self) -> String {
        format!("{} {:02}:{:02}:{:02} UTC", self.date(), self.hour, self.minute, self.second)
    }

    fn rfc3339(self) -> String {
        format!("{}T{:02}:{:02}:{:02}Z", self.date(), self.hour, self.minute, self.second)
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
///
/// Years are taken to begin in March, so that the leap day is a year's last and needs no case of its own.
fn civil(days: i64) -> (i64, i64, i64) {
    const CYCLE: i64 = 146_097; // days in 400 years
    const CENTURY: i64 = 36_524;
    const FOUR_YEARS: i64 = 1_461;
    const MONTHS_FROM_MARCH: [i64; 12] = [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29];
    // 1970-01-01 lies 306 days into the March year of 1969.
    let since = days + 306 + 4 * CYCLE + 3 * CENTURY + 17 * FOUR_YEARS + 365;
    let cycle = since.div_euclid(CYCLE);
    let mut rest = since.rem_euclid(CYCLE);
    // The last century of a cycle and the last year of four are a day longer: `min` keeps that day with them.
    let century = (rest / CENTURY).min(3);
    rest -= century * CENTURY;
    let four = rest / FOUR_YEARS;
    rest -= four * FOUR_YEARS;
    let year = (rest / 365).min(3);
    rest -= year * 365;

    let mut month = 0;
    for length in MONTHS_FROM_MARCH {
        if rest < length {
            break;
        }
        rest -= length;
        month += 1;
    }
    let year = cycle * 400 + century * 100 + four * 4 + year;
    if month < 10 { (year, month + 3, rest + 1) } else { (year + 1, month - 9, rest + 1) }
}

/// How far `at` is from `now` (both in microseconds), in words; beyond a month, the date.
///
/// The past is counted in whole units gone by; the future is rounded, so that a week's invitation starts "in 7 days".
fn relative(at: i64, now: i64) -> String {
    let ahead = (at - now).div_euclid(MICROS);
    let seconds = ahead.abs();
    let past = ahead <= 0;
    if seconds < 45 {
        return if past { "just now" } else { "in a moment" }.to_owned();
    }
    let count = |unit: i64| if past { seconds / unit } else { (seconds + unit / 2) / unit };
    let (minutes, hours, days) = (count(60).max(1), count(3600), count(DAY));
    let span = if minutes < 60 {
        format!("{minutes} min")
    } else if hours < 24 {
        format!("{} h", hours.max(1))
    } else if days < 31 {
        format!("{} day{}", days.max(1), if days > 1 { "s" } else { "" })
    } else {
        return Utc::of(at).date();
    };
    if past { format!("{span} ago") } else { format!("in {span}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-24 03:59:07 UTC
    const AT: i64 = 1_795_492_747 * MICROS;

    fn seconds(ahead: i64) -> String {
        relative(AT + ahead * MICROS, AT)
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        let at = Utc::of(AT + 999_999);
        assert_eq!(at.minute(), "2026-11-24 03:59 UTC");
        assert_eq!(at.second(), "2026-11-24 03:59:07 UTC");
        assert_eq!(at.rfc3339(), "2026-11-24T03:59:07Z");
    }

    #[test]
    fn days_before_the_epoch_count_backwards() {
        assert_eq!(Utc::of(-1).second(), "1969-12-31 23:59:59 UTC");
    }

    #[test]
    fn leap_days_fall_where_the_calendar_puts_them() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(11_017), (2000, 3, 1));
        assert_eq!(civil(47_540), (2100, 2, 28));
        assert_eq!(civil(47_541), (2100, 3, 1));
        assert_eq!(civil(19_782), (2024, 2, 29));
        assert_eq!(civil(-25_509), (1900, 2, 28));
        assert_eq!(civil(-25_508), (1900, 3, 1));
        assert_eq!(civil(-719_528), (0, 1, 1));
    }

    #[test]
    fn every_day_of_eight_centuries_follows_the_one_before() {
        let (mut year, mut month, mut day) = civil(-719_528);
        for at in -719_527..-719_528 + 2 * 146_097 {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 => 28 + i64::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            day += 1;
            if day > length {
                (day, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
            assert_eq!(civil(at), (year, month, day));
        }
    }

    #[test]
    fn the_past_is_counted_in_whole_units() {
        assert_eq!(seconds(0), "just now");
        assert_eq!(seconds(-44), "just now");
        assert_eq!(seconds(-45), "1 min ago");
        assert_eq!(seconds(-200), "3 min ago");
        assert_eq!(seconds(-3599), "59 min ago");
        assert_eq!(seconds(-3600), "1 h ago");
        assert_eq!(seconds(-86_399), "23 h ago");
        assert_eq!(seconds(-86_400), "1 day ago");
        assert_eq!(seconds(-30 * 86_400), "30 days ago");
        assert_eq!(seconds(-31 * 86_400), "2026-10-24");
    }

    #[test]
    fn the_future_is_rounded() {
        assert_eq!(seconds(20), "in a moment");
        assert_eq!(seconds(50), "in 1 min");
        assert_eq!(seconds(3590), "in 1 h");
        assert_eq!(seconds(86_399), "in 1 day");
        assert_eq!(seconds(7 * 86_400 - 5), "in 7 days");
        assert_eq!(seconds(6 * 86_400 + 100), "in 6 days");
        assert_eq!(seconds(60 * 86_400), "2027-01-23");
    }
}
