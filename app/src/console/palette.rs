//! The palette: people, pages and actions by a few keys. A combobox in a dialog (ARIA Authoring Practices).

use std::time::Duration;

use domain::listing::{ListRequest, SortBy};
use leptos::ev::{Event, KeyboardEvent};
use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use leptos_router::hooks::use_navigate;

use super::account::SignOut;
use super::entries::{self, Act, Entry, Section};
use super::use_me;
use crate::browser;
use crate::identities::server::list_identities;
use crate::ui::{Glyph, Icon};

/// After the last key, before the server is asked.
const PAUSE: Duration = Duration::from_millis(120);
const SHOWN: usize = 8;

/// What has been typed, and what was found for it.
#[derive(Clone, Copy)]
struct Finder {
    typed: RwSignal<String>,
    people: RwSignal<Vec<Entry>>,
    trouble: RwSignal<Option<String>>,
    /// Counts the keys: an answer that comes after the next key is for nothing.
    asked: StoredValue<u32>,
}

impl Finder {
    fn new() -> Self {
        Self {
            typed: RwSignal::new(String::new()),
            people: RwSignal::new(Vec::new()),
            trouble: RwSignal::new(None),
            asked: StoredValue::new(0),
        }
    }

    fn type_in(self, typed: String) {
        let asking = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(asking);
        let search = typed.trim().to_owned();
        self.typed.set(typed);
        if search.is_empty() {
            self.people.set(Vec::new());
            self.trouble.set(None);
            return;
        }
        set_timeout(
            move || {
                if self.asked.try_get_value() == Some(asking) {
                    spawn_local(self.find(search, asking));
                }
            },
            PAUSE,
        );
    }

    async fn find(self, search: String, asking: u32) {
        let request = ListRequest { search, sort: SortBy::Name, descending: false, ..ListRequest::default() };
        let found = list_identities(request, false).await;
        if self.asked.try_get_value() != Some(asking) {
            return;
        }
        match found {
            Ok(page) => {
                self.people.set(page.rows.into_iter().take(SHOWN).map(Entry::person).collect());
                self.trouble.set(None);
            }
            Err(error) => self.trouble.set(Some(error.words)),
        }
    }
}

#[component]
pub(super) fn Palette(open: RwSignal<bool>, sign_out: SignOut) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let open = open.get();
        if let Some(dialog) = dialog.get() {
            if open && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !open && dialog.open() {
                dialog.close();
            }
        }
    });
    view! {
        <dialog
            class="palette"
            id="palette"
            aria-label="Search people, pages and actions"
            node_ref=dialog
            on:cancel=move |event: Event| {
                event.prevent_default();
                open.set(false);
            }
            // Told a moment late: it may be open again.
            on:close=move |_| {
                if dialog.get_untracked().is_none_or(|dialog| !dialog.open()) {
                    open.set(false);
                }
            }
            // The list covers the dialog, so a press on the dialog itself is one beside it.
            on:click=move |event| {
                if event.target() == event.current_target() {
                    open.set(false);
                }
            }
        >
            <Show when=move || open.get()>
                <Search open sign_out />
            </Show>
        </dialog>
    }
    .into_any()
}

#[component]
fn Search(open: RwSignal<bool>, sign_out: SignOut) -> impl IntoView {
    let finder = Finder::new();
    let marked = RwSignal::new(0_usize);
    let me = use_me();
    let sections = Memo::new(move |_| {
        let me = me.with(|me| me.as_ref().filter(|me| me.realm.own).map(|me| me.identity));
        finder.people.with(|people| finder.typed.with(|typed| entries::sections(typed, people, me, super::may)))
    });
    let count = move || sections.with(|sections| sections.iter().map(|section| section.entries.len()).sum::<usize>());
    let navigate = use_navigate();
    let choose = Callback::new(move |act: Act| {
        open.set(false);
        match act {
            Act::Go(address) => navigate(&address, leptos_router::NavigateOptions::default()),
            // The switch in the top bar knows which theme comes next.
            Act::SwitchTheme => browser::press(".theme-switch"),
            Act::SignOut => sign_out.run(),
        }
    });
    let key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            let chosen = sections.with_untracked(|sections| {
                sections.iter().flat_map(|section| &section.entries).nth(marked.get_untracked()).map(|entry| entry.act.clone())
            });
            // Enter that ends the composition of a character chooses nothing yet.
            if let (Some(act), false) = (chosen, event.is_composing()) {
                choose.run(act);
            }
        } else if let Some(at) = entries::step(&event.key(), marked.get_untracked(), untrack(count)) {
            event.prevent_default();
            marked.set(at);
            browser::reveal(&format!("#palette-{at}"));
        }
    };
    let input = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let said = move || match count() {
        0 => "Nothing found".to_owned(),
        1 => "1 result".to_owned(),
        count => format!("{count} results"),
    };
    view! {
        <div class="palette__box">
            <div class="palette__field">
                <Icon name=Glyph::Search />
                <input
                    class="palette__input"
                    node_ref=input
                    type="text"
                    role="combobox"
                    aria-label="Search people, pages and actions"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-autocomplete="list"
                    aria-activedescendant=move || (count() > 0).then(|| format!("palette-{}", marked.get()))
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder="Search people, pages and actions"
                    on:input:target=move |event| {
                        marked.set(0);
                        finder.type_in(event.target().value());
                    }
                    on:keydown=key
                />
                <kbd class="kbd" aria-hidden="true">"Esc"</kbd>
            </div>
            <div class="palette__list" id="palette-list" role="listbox" aria-label="Results">
                {move || lines(sections.get(), marked, choose)}
            </div>
            {move || finder.trouble.get().map(|words| view! { <p class="palette__note" role="status">{words}</p> })}
            <p class=move || if count() == 0 { "palette__note" } else { "sr-only" } role="status">{said}</p>
        </div>
    }
    .into_any()
}

fn lines(sections: Vec<Section>, marked: RwSignal<usize>, choose: Callback<Act>) -> impl IntoView {
    let mut at = 0;
    sections
        .into_iter()
        .map(|Section { title, entries }| {
            let first = at;
            at += entries.len();
            let entries =
                entries.into_iter().enumerate().map(|(nth, entry)| view! { <Line entry at=first + nth marked choose /> }).collect_view();
            view! {
                <div class="palette__section" role="group" aria-label=title>
                    <p class="palette__heading" aria-hidden="true">{title}</p>
                    {entries}
                </div>
            }
        })
        .collect_view()
}

#[component]
fn Line(entry: Entry, at: usize, marked: RwSignal<usize>, choose: Callback<Act>) -> impl IntoView {
    let act = StoredValue::new(entry.act);
    view! {
        <div
            class="palette__entry"
            id=format!("palette-{at}")
            role="option"
            aria-selected=move || if marked.get() == at { "true" } else { "false" }
            on:mousemove=move |_| {
                if marked.get_untracked() != at {
                    marked.set(at);
                }
            }
            // The focus stays in the field.
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| choose.run(act.get_value())
        >
            <Icon name=entry.icon />
            <span class="palette__label">{entry.label}</span>
            <span class="palette__detail">{entry.detail}</span>
        </div>
    }
}
