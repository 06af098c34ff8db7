//! Text fields: label above, hint below, the error in the hint's place.

#![expect(clippy::fn_params_excessive_bools, reason = "each is a property of its own, named where it is set")]

use super::icon::{Glyph, Icon};
use leptos::{html, prelude::*};

/// What stands below a control: its hint, or the error that replaces it.
///
/// One line is kept free for it, so that an error moves nothing; announced when it changes.
#[component]
pub(super) fn Note(id: String, hint: Signal<String>, error: Signal<Option<String>>) -> impl IntoView {
    let text = move || error.get().unwrap_or_else(|| hint.get());
    view! {
        <p class="field__note" id=id aria-live="polite" data-error=move || error.with(Option::is_some).then_some("")>
            {move || error.with(Option::is_some).then(|| view! { <Icon name=Glyph::Error /> })}
            <span>{text}</span>
        </p>
    }
}

/// The label of a control, with "optional" beside it where the field may stay empty.
#[component]
pub(super) fn FieldLabel(id: String, label: Signal<String>, optional: bool) -> impl IntoView {
    view! {
        <label class="field__label" for=id>
            {move || label.get()}
            {optional.then(|| view! { <span class="field__optional">"optional"</span> })}
        </label>
    }
}

/// A one-line text field.
///
/// The value comes in and `on_input` tells what is typed. What was typed before the script ran is not lost: it is
/// reported on mounting instead of being overwritten.
#[component]
pub fn Field(
    #[prop(into)] label: Signal<String>,
    /// The name in the form; also what the id is made of.
    #[prop(into)]
    name: String,
    /// Needed where two fields of one page have the same name.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(default = "text")] r#type: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] required: bool,
    /// Marks the field as one that may stay empty.
    #[prop(optional)]
    optional: bool,
    #[prop(optional)] max_length: Option<u32>,
    /// Set in monospace: ids, addresses of machines.
    #[prop(optional)]
    code: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] on_blur: Option<Callback<()>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let note = format!("{id}-note");
    let input = NodeRef::<html::Input>::new();
    let initial = value.get_untracked();
    Effect::new({
        let initial = initial.clone();
        move |mounted: Option<()>| {
            let value = value.get();
            let Some(input) = input.get_untracked() else {
                return;
            };
            let typed = input.value();
            if mounted.is_none() && typed != initial {
                if let Some(on_input) = on_input {
                    on_input.run(typed);
                }
            } else if typed != value {
                input.set_value(&value);
            }
        }
    });
    view! {
        <div class="field">
            <FieldLabel id=id.clone() label optional />
            <input
                class="input"
                class=("input--code", code)
                node_ref=input
                id=id
                name=name
                type=r#type
                value=initial
                autocomplete=autocomplete
                autocapitalize=(code || r#type == "email").then_some("none")
                spellcheck=(code || r#type == "email").then_some("false")
                required=required
                autofocus=autofocus
                maxlength=max_length.map(|length| length.to_string())
                disabled=move || disabled.get()
                aria-describedby=note.clone()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input:target=move |event| {
                    if let Some(on_input) = on_input {
                        on_input.run(event.target().value());
                    }
                }
                // An element that is taken away with the focus in it blurs, too: nobody listens any more.
                on:blur=move |_| {
                    let _ = on_blur.and_then(|on_blur| on_blur.try_run(()));
                }
            />
            <Note id=note hint error />
        </div>
    }
}

/// A field of several lines, for templates and notes.
#[component]
pub fn TextArea(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] name: String,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(default = 5)] rows: u32,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
    #[prop(optional)] max_length: Option<u32>,
    #[prop(optional)] code: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] on_blur: Option<Callback<()>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let note = format!("{id}-note");
    let area = NodeRef::<html::Textarea>::new();
    let initial = value.get_untracked();
    Effect::new({
        let initial = initial.clone();
        move |mounted: Option<()>| {
            let value = value.get();
            let Some(area) = area.get_untracked() else {
                return;
            };
            let typed = area.value();
            if mounted.is_none() && typed != initial {
                if let Some(on_input) = on_input {
                    on_input.run(typed);
                }
            } else if typed != value {
                area.set_value(&value);
            }
        }
    });
    view! {
        <div class="field">
            <FieldLabel id=id.clone() label optional />
            <textarea
                class="input input--area"
                class=("input--code", code)
                node_ref=area
                id=id
                name=name
                rows=rows.to_string()
                required=required
                maxlength=max_length.map(|length| length.to_string())
                disabled=move || disabled.get()
                aria-describedby=note.clone()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input:target=move |event| {
                    if let Some(on_input) = on_input {
                        on_input.run(event.target().value());
                    }
                }
                on:blur=move |_| {
                    let _ = on_blur.and_then(|on_blur| on_blur.try_run(()));
                }
            >
                {initial}
            </textarea>
            <Note id=note hint error />
        </div>
    }
}
