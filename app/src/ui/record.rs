//! A thing in a list that is more than a row: a binding job, a passkey, a rule.

use super::button::IconButton;
use super::icon::Glyph;
use leptos::prelude::*;

/// A card: what state at the left, what and whom in the middle, when and the acts at the right, and more below when
/// unfolded. The caller holds `open`, so that a list that refreshes keeps what is unfolded.
#[component]
pub fn RecordCard(
    /// Unique on the page: ties the arrow to what it unfolds.
    #[prop(into)]
    id: String,
    /// Names the card for screen readers, and in "Show details of …".
    #[prop(into)]
    name: Signal<String>,
    #[prop(into)] lead: ViewFnOnce,
    #[prop(into)] aside: ViewFnOnce,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
    /// Below the line, always there: why it failed and what to do.
    #[prop(optional, into)]
    notice: Option<ViewFn>,
    /// Unfolded by the arrow. Only there while open.
    #[prop(optional, into)]
    details: Option<ViewFn>,
    #[prop(optional)] open: RwSignal<bool>,
    /// The one that a link led to.
    #[prop(optional, into)]
    marked: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let details_id = format!("{id}-details");
    let arrow = details.is_some().then(|| {
        view! {
            <IconButton
                label=Signal::derive(move || {
                    let act = if open.get() { "Hide" } else { "Show" };
                    name.with(|name| format!("{act} details of {name}"))
                })
                icon=Signal::derive(move || if open.get() { Glyph::ChevronUp } else { Glyph::ChevronDown })
                expanded=Signal::derive(move || Some(open.get()))
                controls=details_id.clone()
                on_click=move |_| open.update(|open| *open = !*open)
            />
        }
    });
    let details = details.map(|details| {
        view! {
            <div class="record__details" id=details_id hidden=move || !open.get()>
                {move || open.get().then(|| details.run())}
            </div>
        }
    });
    view! {
        <article class="record" id=id aria-label=move || name.get() tabindex="-1" data-marked=move || marked.get().then_some("")>
            <div class="record__line">
                <div class="record__lead">{lead.run()}</div>
                <div class="record__main">{children()}</div>
                <div class="record__aside">{aside.run()}</div>
                <div class="record__actions">{actions.map(ViewFnOnce::run)} {arrow}</div>
            </div>
            {notice.map(|notice| view! { <div class="record__notice">{notice.run()}</div> })}
            {details}
        </article>
    }
}
