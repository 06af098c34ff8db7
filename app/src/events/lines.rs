//! Lines of the log, each with all that is known of it behind an arrow.

use domain::event::{Detail, EventActor, EventTarget};
use domain::listing::EventListRequest;
use domain::record::Event;
use leptos::prelude::*;

use super::{query, words};
use crate::ui::{Definition, DefinitionList, Each, TimelineItem, TimelineLine};

/// The events in the order given. One that is still there after a reading keeps its elements: what is unfolded stays so.
#[component]
pub(super) fn Lines(
    #[prop(into)] label: String,
    #[prop(into)] items: Signal<Vec<Event>>,
    /// What a line says.
    words: fn(&Event) -> TimelineItem,
) -> impl IntoView {
    view! {
        <div class="activity">
            <ol class="timeline" aria-label=label>
                <Each items key=|event: &Event| event.id let(event)>
                    <Line event words />
                </Each>
            </ol>
        </div>
    }
}

#[component]
fn Line(event: Signal<Event>, words: fn(&Event) -> TimelineItem) -> impl IntoView {
    let item = Memo::new(move |_| event.with(words));
    view! { <TimelineLine item details=move || view! { <Whole event=event.get() /> } /> }
}

/// Everything that is known of one event.
#[component]
fn Whole(event: Event) -> impl IntoView {
    let Event { id, kind, outcome, by, actor, about, target, detail, address, request_id, seal, .. } = event;
    let outcome = words::outcome(outcome);
    let pair = |label: &str, value: String| {
        let label = label.to_owned();
        (!value.is_empty()).then(|| view! { <Definition label><span class="break">{value}</span></Definition> })
    };
    let details: Vec<_> = detail
        .into_iter()
        .map(|(name, detail)| match detail {
            Detail::Text(text) => pair(&words::detail_label(&name), text).into_any(),
            Detail::Change { before, after } => {
                let label = words::detail_label(&name);
                let side = |text: String| if text.is_empty() { "(empty)".to_owned() } else { text };
                view! {
                    <Definition label=[&label, " before"].concat()><span class="break">{side(before)}</span></Definition>
                    <Definition label=[&label, " after"].concat()><span class="break">{side(after)}</span></Definition>
                }
                .into_any()
            }
        })
        .collect();
    let position = seal.as_ref().map_or_else(|| "Being sealed".to_owned(), |seal| seal.position.to_string());
    view! {
        <DefinitionList>
            {pair("Type", kind.to_string())}
            {pair("Outcome", outcome.to_owned())}
            <Definition label="By"><Party name=actor page=actor_page(by) same=EventListRequest { actor: Some(by), ..EventListRequest::default() } /></Definition>
            <Definition label="On"><Party name=target page=target_page(about) same=EventListRequest { target: Some(about), ..EventListRequest::default() } /></Definition>
            {details}
            {pair("Address", address)}
            {pair("Request", request_id)}
            {pair("Event", id.to_string())}
            {pair("Line of the log", position)}
            {pair("Seal", seal.map(|seal| seal.hash).unwrap_or_default())}
        </DefinitionList>
    }
}

/// Who or what it was: a way to its page where it has one, and to everything else that it did or that was done to it.
#[component]
fn Party(name: String, page: Option<String>, same: EventListRequest) -> impl IntoView {
    let name = if name.is_empty() { "The realm".to_owned() } else { name };
    let what = name.clone();
    let named = match page {
        Some(href) => view! { <a class="link" href=href>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    };
    view! {
        {named}
        " "
        <a class="link timeline__same" href=query::href(&same)>"Show all" <span class="sr-only">" events of " {what}</span></a>
    }
}

fn actor_page(actor: EventActor) -> Option<String> {
    if let EventActor::Identity(id) = actor { Some(format!("/identities/{id}")) } else { None }
}

fn target_page(target: EventTarget) -> Option<String> {
    match target {
        EventTarget::Identity(id) => Some(format!("/identities/{id}")),
        EventTarget::Group(id) => Some(format!("/groups/{id}")),
        EventTarget::Passkey(_) | EventTarget::BindingJob(_) | EventTarget::Token(_) | EventTarget::Realm => None,
    }
}
