//! Searching: within a list, and across everything.

use super::icon::{Glyph, Icon};
use leptos::{html, prelude::*};

/// The search box of a list; tells each keystroke, the caller waits as long as it likes.
#[component]
pub fn SearchField(
    /// For screen readers: "Search identities".
    #[prop(into)]
    label: String,
    #[prop(default = "q".into(), into)] name: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
) -> impl IntoView {
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
                on_input.run(typed);
            } else if typed != value {
                input.set_value(&value);
            }
        }
    });
    view! {
        <label class="search-field">
            <span class="sr-only">{label}</span>
            <Icon name=Glyph::Search />
            <input
                class="input search-field__input"
                node_ref=input
                type="search"
                name=name
                value=initial
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                on:input:target=move |event| on_input.run(event.target().value())
            />
        </label>
    }
}

/// The top bar's search box: a button that opens the palette.
#[component]
pub fn SearchTrigger(
    #[prop(default = "Search people, groups, actions".into(), into)] label: String,
    #[prop(into)] on_open: Callback<()>,
) -> impl IntoView {
    view! {
        <button class="search-trigger" type="button" aria-keyshortcuts="/ Control+K" on:click=move |_| on_open.run(())>
            <Icon name=Glyph::Search />
            <span class="search-trigger__label">{label}</span>
            <kbd class="kbd" aria-hidden="true">"/"</kbd>
        </button>
    }
}
