//! Choosing: a select, a check box, and the check box of a table's row.

use super::field::{FieldLabel, Note};
use super::icon::{Glyph, Icon};
use leptos::{ev::MouseEvent, html, prelude::*};

/// One option of a [`Select`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A native select.
#[component]
pub fn Select(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] name: String,
    #[prop(optional, into)] id: Option<String>,
    #[prop(into)] options: Signal<Vec<Choice>>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let note = format!("{id}-note");
    let select = NodeRef::<html::Select>::new();
    // The options may arrive after the value, and an element forgets a value that it has no option for.
    Effect::new(move || {
        options.with(|_| ());
        let value = value.get();
        if let Some(select) = select.get() {
            select.set_value(&value);
        }
    });
    let listed = move || {
        let chosen = value.get_untracked();
        options
            .get()
            .into_iter()
            .map(|choice| {
                let selected = choice.value == chosen;
                view! { <option value=choice.value selected=selected>{choice.label}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="field">
            <FieldLabel id=id.clone() label optional />
            <span class="select">
                <select
                    class="input select__control"
                    node_ref=select
                    id=id
                    name=name
                    required=required
                    disabled=move || disabled.get()
                    aria-describedby=note.clone()
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    on:change:target=move |event| {
                        if let Some(on_change) = on_change {
                            on_change.run(event.target().value());
                        }
                    }
                >
                    {listed}
                </select>
                <Icon name=Glyph::ChevronDown />
            </span>
            <Note id=note hint error />
        </div>
    }
}

/// A check box with its words beside it.
#[component]
pub fn Checkbox(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] name: String,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] checked: Signal<bool>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let note = hint.as_ref().map(|_| format!("{id}-note"));
    view! {
        <div class="check">
            <input
                class="checkbox"
                type="checkbox"
                id=id.clone()
                name=name
                value="true"
                checked=checked.get_untracked()
                prop:checked=move || checked.get()
                disabled=move || disabled.get()
                aria-describedby=note.clone()
                on:change:target=move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(event.target().checked());
                    }
                }
            />
            <label class="check__label" for=id>{move || label.get()}</label>
            {hint.map(|hint| view! { <p class="check__hint" id=note>{hint}</p> })}
        </div>
    }
}

/// A press on a row's check box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowCheck {
    pub checked: bool,
    /// Shift was held: everything between this row and the last pressed one is meant.
    pub range: bool,
}

/// The check box of a table's row or header; its label is for screen readers only.
#[component]
pub fn RowCheckbox(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] checked: Signal<bool>,
    /// Some of the rows are checked: for the header's box.
    #[prop(optional, into)]
    mixed: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(into)] on_toggle: Callback<RowCheck>,
) -> impl IntoView {
    let pressed = move |event: MouseEvent| {
        let checked = event_target_checked(&event);
        on_toggle.run(RowCheck { checked, range: event.shift_key() });
    };
    view! {
        <label class="row-check">
            <span class="sr-only">{move || label.get()}</span>
            <input
                class="checkbox"
                type="checkbox"
                checked=checked.get_untracked()
                prop:checked=move || checked.get()
                prop:indeterminate=move || mixed.get()
                disabled=move || disabled.get()
                on:click=pressed
            />
        </label>
    }
}
