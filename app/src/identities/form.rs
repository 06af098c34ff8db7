//! The form of a person's entry, for adding and for editing: what was typed, and when which error is shown.

use std::collections::BTreeSet;

use domain::FieldError;
use domain::identity::ProfileForm;
use leptos::prelude::*;

use super::fields;
use crate::browser;
use crate::error::AppError;
use crate::ui::{Field, Glyph, Icon};

/// A form that is being filled in. Nothing that was typed is ever cleared.
#[derive(Clone, Copy)]
pub struct Filling {
    pub(super) typed: RwSignal<ProfileForm>,
    /// What the domain says of it, as the server will.
    wrong: Memo<Vec<FieldError>>,
    /// What the server said of values that are still as they were.
    refused: RwSignal<Vec<FieldError>>,
    /// Fields whose error is shown: from leaving the field until typing repairs it.
    shown: RwSignal<BTreeSet<&'static str>>,
    /// Whether the further fields are unfolded.
    more: RwSignal<bool>,
}

impl Filling {
    pub(super) fn new(start: ProfileForm) -> Self {
        let typed = RwSignal::new(start);
        Self {
            typed,
            wrong: Memo::new(move |_| typed.with(|typed| typed.parse().err().unwrap_or_default())),
            refused: RwSignal::new(Vec::new()),
            shown: RwSignal::new(BTreeSet::new()),
            more: RwSignal::new(false),
        }
    }

    fn error(self, name: &str) -> Option<String> {
        let of = |errors: &Vec<FieldError>| errors.iter().find(|error| error.field == name).map(|error| error.message.clone());
        self.wrong.with(of).or_else(|| self.refused.with(of))
    }

    fn shown_error(self, name: &str) -> Option<String> {
        self.shown.with(|shown| shown.contains(name)).then(|| self.error(name)).flatten()
    }

    fn type_into(self, name: &'static str, text: String) {
        self.typed.update(|typed| fields::set(typed, name, text));
        self.refused.update(|refused| refused.retain(|error| error.field != name));
        if untrack(|| self.error(name)).is_none() {
            self.shown.update(|shown| {
                shown.remove(name);
            });
        }
    }

    fn leave(self, name: &'static str) {
        self.shown.update(|shown| {
            shown.insert(name);
        });
    }

    /// Whether it can be sent. If not, every error is shown, and the first wrong field has the focus.
    pub(super) fn check(self) -> bool {
        let right = self.wrong.with_untracked(Vec::is_empty);
        if right {
            // The server may have changed its mind.
            self.refused.set(Vec::new());
        } else {
            self.show_errors();
        }
        right
    }

    /// Takes what the server said of single fields; everything else is for the banner.
    pub(super) fn refuse(self, error: &AppError) {
        if !error.fields.is_empty() {
            self.refused.set(error.fields.clone());
            self.show_errors();
        }
    }

    /// Takes another start; what was said of the old values is void.
    pub(super) fn restart(self, start: ProfileForm) {
        self.refused.set(Vec::new());
        self.shown.set(BTreeSet::new());
        self.typed.set(start);
    }

    fn show_errors(self) {
        self.shown.set(fields::all().collect());
        if fields::all().filter(|name| !fields::MAIN.contains(name)).any(|name| untrack(|| self.error(name)).is_some()) {
            self.more.set(true);
        }
        browser::focus_soon(".form [aria-invalid]".to_owned());
    }
}

/// One field of the form.
#[component]
fn FormField(filling: Filling, name: &'static str, #[prop(optional)] hint: &'static str) -> impl IntoView {
    let needed = matches!(name, "display_name" | "username");
    let kind = if name == "email" { "email" } else { "text" };
    view! {
        <Field
            label=fields::label(name)
            name=name
            r#type=kind
            value=Signal::derive(move || filling.typed.with(|typed| fields::value(typed, name).to_owned()))
            error=Signal::derive(move || filling.shown_error(name))
            hint
            required=needed
            optional=name == "email"
            on_input=move |text| filling.type_into(name, text)
            on_blur=move |()| filling.leave(name)
        />
    }
}

/// Name, username, e-mail, and behind "More" whatever else an entry can hold; the children stand first there.
#[component]
pub(super) fn ProfileFields(filling: Filling, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let section = move |(title, names): (&'static str, &'static [&'static str])| {
        let fields = names.iter().map(|name| view! { <FormField filling name /> }).collect_view();
        view! {
            <fieldset class="form__section">
                <legend class="form__legend">{title}</legend>
                <div class="grid-2">{fields}</div>
            </fieldset>
        }
    };
    view! {
        <FormField filling name="display_name" hint="As colleagues know the person, in any script." />
        <FormField filling name="username" hint="What the person is called in systems. Nobody else may have it." />
        <FormField filling name="email" />
        <details class="more" prop:open=move || filling.more.get()>
            <summary
                class="more__summary"
                on:click=move |event| {
                    // The signal opens it, so that an error inside can, too.
                    event.prevent_default();
                    filling.more.update(|more| *more = !*more);
                }
            >
                "More"
                <Icon name=Glyph::ChevronDown />
            </summary>
            <div class="more__content">
                {children.map(|children| children())}
                {fields::SECTIONS.map(section).into_iter().collect_view()}
            </div>
        </details>
    }
}

/// Whether the script has taken over: a form that it sends must not be sent before.
pub(crate) fn taken_over() -> Signal<bool> {
    let hydrated = RwSignal::new(false);
    Effect::new(move || hydrated.set(true));
    hydrated.into()
}

/// Has the browser ask before the page is closed or loaded again while something would be lost.
pub(super) fn ask_before_leaving(dirty: Memo<bool>) {
    Effect::new(move || {
        let asking = window_event_listener(leptos::ev::beforeunload, move |event| {
            if dirty.try_get_untracked().unwrap_or(false) {
                event.prevent_default();
            }
        });
        on_cleanup(move || asking.remove());
    });
}
