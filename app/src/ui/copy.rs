//! Copying ids, links and commands.

use super::dom;
use super::icon::{Glyph, Icon};
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Idle,
    Copied,
    Refused,
}

/// Copies `text`, and says so: with a check in place of the icon and to screen readers.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// What is copied: "Copy link".
    #[prop(default = "Copy".into(), into)]
    label: Signal<String>,
    /// Shows the label beside the icon.
    #[prop(optional)]
    worded: bool,
) -> impl IntoView {
    let outcome = RwSignal::new(Outcome::Idle);
    let copy = move |_| {
        dom::copy_text(&text.get_untracked(), move |done| {
            let _ = outcome.try_set(if done { Outcome::Copied } else { Outcome::Refused });
            set_timeout(
                move || {
                    let _ = outcome.try_set(Outcome::Idle);
                },
                Duration::from_secs(2),
            );
        });
    };
    let icon = move || match outcome.get() {
        Outcome::Idle => Glyph::Copy,
        Outcome::Copied => Glyph::Check,
        Outcome::Refused => Glyph::Warning,
    };
    let said = move || match outcome.get() {
        Outcome::Idle => "",
        Outcome::Copied => "Copied",
        Outcome::Refused => "Copying is blocked here: select the text and copy it",
    };
    view! {
        <span class="copy">
            <button
                class="button"
                class=("button--icon", !worded)
                type="button"
                data-kind=if worded { "secondary" } else { "quiet" }
                data-copied=move || (outcome.get() == Outcome::Copied).then_some("")
                aria-label=move || (!worded).then(|| label.get())
                title=move || (!worded).then(|| label.get())
                on:click=copy
            >
                {move || view! { <Icon name=icon() /> }}
                {worded.then(|| view! { <span class="button__label">{move || label.get()}</span> })}
            </button>
            <span class="sr-only" role="status">{said}</span>
        </span>
    }
}

/// A link, an id or a command in monospace, with its copy button. `block` keeps its line breaks.
#[component]
pub fn CodeBox(
    #[prop(into)] text: Signal<String>,
    #[prop(default = "Copy".into(), into)] label: Signal<String>,
    #[prop(optional)] block: bool,
) -> impl IntoView {
    view! {
        <div class="code-box" class=("code-box--block", block)>
            // Long lines scroll, so the keyboard must be able to reach them.
            <code class="code-box__text" tabindex="0">{move || text.get()}</code>
            <CopyButton text label />
        </div>
    }
}
