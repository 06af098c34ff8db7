//! The profile tab: everything that the entry holds.

use domain::identity::ProfileForm;
use domain::record::Identity;
use leptos::prelude::*;

use super::detail::Current;
use super::{fields, words};
use crate::remote::Loaded;
use crate::ui::{CopyButton, Definition, DefinitionList, Panel, Time};

/// What is known of the person.
#[component]
pub fn ProfileTab() -> impl IntoView {
    let entry = Current::of_page().entry;
    view! {
        <Loaded resource=entry missing=|| () let(person)>
            <div class="panels">
                <Panel title="Person">
                    <DefinitionList>
                        <Values person names=&fields::MAIN always=true />
                        {fields::SECTIONS.map(|(_, names)| view! { <Values person names always=false /> }).into_iter().collect_view()}
                    </DefinitionList>
                </Panel>
                <Panel title="Entry">
                    <DefinitionList>
                        <Entry person />
                    </DefinitionList>
                </Panel>
            </div>
        </Loaded>
    }
}

/// Fields with their values; the empty ones only where they are always shown.
#[component]
fn Values(person: Signal<Identity>, names: &'static [&'static str], always: bool) -> impl IntoView {
    let form = Memo::new(move |_| person.with(|entry| ProfileForm::from(entry)));
    names
        .iter()
        .map(|name| {
            let text = Memo::new(move |_| form.with(|form| fields::value(form, name).to_owned()));
            move || {
                let text = text.get();
                (always || !text.is_empty()).then(|| {
                    let value = if text.is_empty() { view! { <span class="muted">"None"</span> }.into_any() } else { text.into_any() };
                    view! { <Definition label=fields::label(name)>{value}</Definition> }
                })
            }
        })
        .collect_view()
}

/// What Keyroll keeps about the entry itself.
#[component]
fn Entry(person: Signal<Identity>) -> impl IntoView {
    let id = person.with_untracked(|person| person.id.to_string());
    view! {
        <Definition label="Id">
            <span class="cluster"><code>{id.clone()}</code> <CopyButton text=id label="Copy id" /></span>
        </Definition>
        <Definition label="Source">{move || person.with(|person| words::source_label(person.source))}</Definition>
        <Definition label="Added"><Time at=Signal::derive(move || person.with(|person| person.created_at.micros())) /></Definition>
        <Definition label="Updated"><Time at=Signal::derive(move || person.with(|person| person.updated_at.micros())) /></Definition>
    }
}
