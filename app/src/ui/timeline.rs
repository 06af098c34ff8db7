//! What happened, one under the other.

use super::chip::Tone;
use super::clock::Time;
use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineItem {
    pub icon: Glyph,
    pub tone: Tone,
    pub title: String,
    /// Microseconds since the epoch.
    pub at: i64,
    /// Where, with what: "Chrome on Android, 203.0.113.7". May be empty.
    pub detail: String,
}

/// A history, in the order given.
#[component]
pub fn Timeline(#[prop(into)] label: String, #[prop(into)] items: Signal<Vec<TimelineItem>>) -> impl IntoView {
    let items = move || {
        items
            .get()
            .into_iter()
            .map(|item| {
                let detail = (!item.detail.is_empty()).then(|| view! { <span class="timeline__detail">{item.detail}</span> });
                view! {
                    <li class="timeline__item" data-tone=item.tone.name()>
                        <span class="timeline__icon"><Icon name=item.icon /></span>
                        <span class="timeline__title">{item.title}</span>
                        <span class="timeline__time"><Time at=item.at /></span>
                        {detail}
                    </li>
                }
            })
            .collect_view()
    };
    view! { <ol class="timeline" aria-label=label>{items}</ol> }
}

/// One line of a history whose lines stay in place, with more behind an arrow. What happened does not change, so that
/// icon and tone are read once.
#[component]
pub fn TimelineLine(
    #[prop(into)] item: Signal<TimelineItem>,
    /// Only there while unfolded.
    #[prop(into)]
    details: ViewFn,
) -> impl IntoView {
    let (icon, tone, at) = item.with_untracked(|item| (item.icon, item.tone.name(), item.at));
    let title = move || item.with(|item| item.title.clone());
    let open = RwSignal::new(false);
    view! {
        <li class="timeline__item" data-tone=tone>
            <span class="timeline__icon"><Icon name=icon /></span>
            <span class="timeline__title">{title}</span>
            <span class="timeline__time"><Time at=at /></span>
            <span class="timeline__detail">{move || item.with(|item| item.detail.clone())}</span>
            <details class="timeline__more" on:toggle:target=move |event| open.set(event.target().open())>
                <summary>"Details" <span class="sr-only">" of “" {title} "”"</span></summary>
                {move || open.get().then(|| details.run())}
            </details>
        </li>
    }
}
