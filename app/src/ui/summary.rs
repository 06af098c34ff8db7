//! The strip over a list: how the whole divides, each part a filter.

use super::chip::Tone;
use super::text::grouped;
use leptos::prelude::*;

/// The bar's drawing is this many units wide.
const UNITS: u64 = 1000;
/// Left free between two parts.
const GAP: u64 = 3;

/// One part of a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryPart {
    pub label: String,
    pub count: u64,
    /// The list filtered to this part.
    pub href: String,
    pub tone: Tone,
    /// Whether the list is filtered to it.
    pub current: bool,
    /// The whole itself: counted, but not drawn.
    pub whole: bool,
}

/// One bar, and under it each part with its count and share, as a link that filters.
#[component]
pub fn SummaryBar(#[prop(into)] label: String, #[prop(into)] parts: Signal<Vec<SummaryPart>>) -> impl IntoView {
    let bar = move || {
        parts.with(|parts| {
            let counts: Vec<u64> = parts.iter().filter(|part| !part.whole).map(|part| part.count).collect();
            let drawn = parts.iter().filter(|part| !part.whole);
            spans(&counts)
                .into_iter()
                .zip(drawn)
                .filter(|((_, width), _)| *width > 0)
                .map(|((x, width), part)| {
                    view! {
                        <rect
                            class="summary__span"
                            data-tone=part.tone.name()
                            x=x.to_string()
                            y="0"
                            width=width.to_string()
                            height="8"
                        ></rect>
                    }
                })
                .collect_view()
        })
    };
    let links = move || {
        parts.with(|parts| {
            let all: u64 = parts.iter().filter(|part| !part.whole).map(|part| part.count).sum();
            parts
                .iter()
                .map(|part| {
                    let share = (!part.whole).then(|| view! { <span class="summary__share">{share(part.count, all)}</span> });
                    view! {
                        <li>
                            <a
                                class="summary__part"
                                href=part.href.clone()
                                aria-current=part.current.then_some("true")
                                data-tone=part.tone.name()
                                data-whole=part.whole.then_some("")
                            >
                                <span class="summary__label">{part.label.clone()}</span>
                                <span class="summary__figures">
                                    <span class="summary__count">{grouped(part.count)}</span>
                                    " "
                                    {share}
                                </span>
                            </a>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <nav class="summary" aria-label=label>
            <svg
                class="summary__bar"
                viewBox=format!("0 0 {UNITS} 8")
                preserveAspectRatio="none"
                aria-hidden="true"
                focusable="false"
            >
                {bar}
            </svg>
            <ul class="summary__parts">{links}</ul>
        </nav>
    }
}

/// Where each part of the bar begins and how wide it is. What is there at all stays visible, however small its share.
fn spans(counts: &[u64]) -> Vec<(u64, u64)> {
    const SLIVER: u64 = 5;
    let all: u64 = counts.iter().sum();
    if all == 0 {
        return counts.iter().map(|_| (0, 0)).collect();
    }
    let present = counts.iter().filter(|count| **count > 0).count() as u64;
    let free = (UNITS + GAP).saturating_sub(present * (SLIVER + GAP));
    let mut x = 0;
    counts
        .iter()
        .map(|count| {
            let scaled = u128::from(*count) * u128::from(free) / u128::from(all);
            let width = if *count == 0 { 0 } else { SLIVER + u64::try_from(scaled).unwrap_or(free) };
            let at = x;
            if width > 0 {
                x += width + GAP;
            }
            (at, width)
        })
        .collect()
}

/// A share in whole per cent; never "0 %" for something that is there, nor "100 %" for less than all.
fn share(count: u64, all: u64) -> String {
    if count == 0 || all == 0 {
        return "0%".to_owned();
    }
    let rounded = (u128::from(count) * 200 + u128::from(all)) / (u128::from(all) * 2);
    match rounded {
        0 => "<1%".to_owned(),
        100 if count < all => ">99%".to_owned(),
        rounded => format!("{rounded}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_filled_and_keeps_the_smallest_part_visible() {
        let spans = spans(&[9_871, 1_204, 1_190, 1]);
        let end = spans[3].0 + spans[3].1;
        assert!((UNITS - 4..=UNITS).contains(&end), "{end}");
        assert!(spans[3].1 >= 5);
        assert_eq!(spans[1].0, spans[0].1 + GAP);
    }

    #[test]
    fn nothing_is_drawn_for_nothing() {
        assert_eq!(spans(&[0, 0]), [(0, 0), (0, 0)]);
        assert_eq!(spans(&[0, 5]), [(0, 0), (0, UNITS)]);
    }

    #[test]
    fn shares_are_honest_at_the_ends() {
        assert_eq!(share(0, 10), "0%");
        assert_eq!(share(1, 1_000), "<1%");
        assert_eq!(share(999, 1_000), ">99%");
        assert_eq!(share(1_000, 1_000), "100%");
        assert_eq!(share(9_871, 12_304), "80%");
        assert_eq!(share(0, 0), "0%");
    }
}
