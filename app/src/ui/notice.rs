//! What stands in place of content, or above it: an error, nothing yet, still loading.

use super::chip::Tone;
use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// Says in place what is wrong or worth knowing, with the next step. Errors that need an act are never toasts.
#[component]
pub fn Banner(
    #[prop(optional)] tone: Tone,
    #[prop(into)] title: Signal<String>,
    /// Details, as paragraphs.
    #[prop(optional)]
    children: Option<Children>,
    /// The next step: one or two buttons.
    #[prop(optional, into)]
    action: Option<ViewFnOnce>,
) -> impl IntoView {
    let icon = match tone {
        Tone::Danger => Glyph::Error,
        Tone::Warning => Glyph::Warning,
        Tone::Success => Glyph::Success,
        Tone::Neutral | Tone::Accent => Glyph::Info,
    };
    // An alert interrupts; everything else waits its turn.
    let role = if tone == Tone::Danger { "alert" } else { "status" };
    view! {
        <div class="banner" data-tone=tone.name() role=role>
            <Icon name=icon />
            <div class="banner__text">
                <p class="banner__title">{move || title.get()}</p>
                {children.map(|children| children())}
            </div>
            {action.map(|action| view! { <div class="banner__action">{action.run()}</div> })}
        </div>
    }
}

/// An empty list: what would be here, and the one act that fills it.
#[component]
pub fn EmptyState(
    #[prop(default = Glyph::Empty)] icon: Glyph,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] text: Signal<String>,
    #[prop(optional, into)] action: Option<ViewFnOnce>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty__icon"><Icon name=icon /></span>
            <h2 class="empty__title">{move || title.get()}</h2>
            <p class="empty__text">{move || text.get()}</p>
            {action.map(|action| view! { <div class="empty__action">{action.run()}</div> })}
        </div>
    }
}

/// Rows that keep the table's space while it loads. Goes where rows go, inside a table's body.
#[component]
pub fn SkeletonRows(#[prop(default = 8)] rows: usize, columns: usize) -> impl IntoView {
    (0..rows)
        .map(|_| {
            let cells = (0..columns).map(|_| view! { <td class="td" role="cell"><span class="skeleton"></span></td> }).collect_view();
            view! { <tr class="row row--skeleton" role="row" aria-hidden="true">{cells}</tr> }
        })
        .collect_view()
}

/// A turning ring with its words.
#[component]
pub fn Spinner(#[prop(default = "Loading".into(), into)] label: Signal<String>) -> impl IntoView {
    view! {
        <span class="spinner" role="status">
            <span class="spinner__ring"></span>
            <span>{move || label.get()}</span>
        </span>
    }
}
