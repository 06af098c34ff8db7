//! What narrows the log.

use domain::event::{EventKind, EventOutcome};
use domain::listing::EventListRequest;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::query::href;
use crate::ui::{Choice, Field, LinkButton, SearchField, Select, as_typed};

#[component]
pub(super) fn Filters(asked: Memo<EventListRequest>) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |asked: EventListRequest| {
        navigate(&href(&asked), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let find = Callback::new(move |search| go.run(EventListRequest { search, ..asked.get_untracked() }));
    let (typed, on_input) = as_typed(Signal::derive(move || asked.with(|asked| asked.search.clone())), find);
    let mut kinds: Vec<_> = EventKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.label())).collect();
    kinds.sort_by(|one, other| one.label.cmp(&other.label));
    kinds.insert(0, Choice::new("", "Any type"));
    let outcomes = [("", "Any outcome"), ("success", "Done"), ("denied", "Denied")].map(|(value, label)| Choice::new(value, label));
    view! {
        <div class="narrowing narrowing--many">
            <SearchField label="Search events" placeholder="Name, address, request…" value=typed on_input />
            <Select
                label="Type"
                name="type"
                options=Signal::stored(kinds)
                value=Signal::derive(move || asked.with(|asked| asked.kind.map_or("", EventKind::as_str).to_owned()))
                on_change=move |text: String| go.run(EventListRequest { kind: EventKind::read(&text), ..asked.get_untracked() })
            />
            <Select
                label="Outcome"
                name="outcome"
                options=Signal::stored(outcomes.to_vec())
                value=Signal::derive(move || asked.with(|asked| asked.outcome.map_or("", EventOutcome::as_str).to_owned()))
                on_change=move |text: String| go.run(EventListRequest { outcome: EventOutcome::read(&text), ..asked.get_untracked() })
            />
            <Field
                label="From"
                name="from"
                r#type="date"
                hint="A day in UTC"
                value=Signal::derive(move || asked.with(|asked| asked.from.clone()))
                on_input=move |from| go.run(EventListRequest { from, ..asked.get_untracked() })
            />
            <Field
                label="Until"
                name="until"
                r#type="date"
                hint="To the end of this day"
                value=Signal::derive(move || asked.with(|asked| asked.until.clone()))
                on_input=move |until| go.run(EventListRequest { until, ..asked.get_untracked() })
            />
        </div>
        <Parties asked />
    }
}

/// What was narrowed by following a line, and the way back.
#[component]
fn Parties(asked: Memo<EventListRequest>) -> impl IntoView {
    let party = move |label: &'static str, there: bool, without: EventListRequest| {
        there.then(|| view! { <LinkButton href=href(&without)>{label}</LinkButton> })
    };
    move || {
        let now = asked.get();
        let actor = party("Events of everybody", now.actor.is_some(), EventListRequest { actor: None, ..now.clone() });
        let target = party("Events about everything", now.target.is_some(), EventListRequest { target: None, ..now.clone() });
        (actor.is_some() || target.is_some()).then(|| view! { <p class="parties">"Narrowed to one: " {actor} " " {target}</p> })
    }
}
