//! Searching: within a list, and across everything.

use std::time::Duration;

use super::icon::{Glyph, Icon};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::{html, prelude::*};

/// How long a search waits for the next keystroke.
const PAUSE: Duration = Duration::from_millis(120);

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

/// A search that is asked for as it is typed: what the field shows, and what it does with a keystroke. `asked` is what the
/// page shows, `go` leads to another.
#[must_use]
pub fn as_typed(asked: Signal<String>, go: Callback<String>) -> (Signal<String>, Callback<String>) {
    let typed = RwSignal::new(asked.get_untracked());
    let last = StoredValue::new(typed.get_untracked());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(waiting)) = waiting.try_get_value() {
            waiting.clear();
        }
    };
    // The address changed by itself, by a link or a step back: the field follows, and what was about to be asked is not.
    // What is being typed is never undone.
    Effect::new(move || {
        let asked = asked.get();
        if last.with_value(|last| *last != asked) {
            stop();
            last.set_value(asked.clone());
            typed.set(asked);
        }
    });
    on_cleanup(stop);
    let send = move || {
        let text = typed.get_untracked();
        if asked.get_untracked() != text {
            last.set_value(text.clone());
            go.run(text);
        }
    };
    let on_input = Callback::new(move |text| {
        typed.set(text);
        stop();
        waiting.set_value(set_timeout_with_handle(send, PAUSE).ok());
    });
    (typed.into(), on_input)
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
