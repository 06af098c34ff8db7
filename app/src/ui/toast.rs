//! Toasts: one line that something happened, with undo where there is one.

use super::dom;
use super::icon::{Glyph, Icon};
use leptos::{html, prelude::*};
use std::time::Duration;

const SHOWN: Duration = Duration::from_secs(6);
/// Looked at again after this long when the pointer or the focus rests on the toasts.
const HELD: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    undo: Option<Callback<()>>,
}

/// The toasts on the page; from [`use_toasts`].
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
    held: RwSignal<bool>,
}

impl Toasts {
    /// Says that something happened: "Invitation sent to zoe@example.org".
    pub fn show(self, text: impl Into<String>) {
        self.push(text.into(), None);
    }

    /// The same, with a way back.
    pub fn show_with_undo(self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.push(text.into(), Some(Callback::new(move |()| undo())));
    }

    fn push(self, text: String, undo: Option<Callback<()>>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| {
            // Three lines are read, more are a wall.
            if list.len() >= 3 {
                list.remove(0);
            }
            list.push(Toast { id, text, undo });
        });
        self.expire(id, SHOWN);
    }

    fn expire(self, id: u32, after: Duration) {
        set_timeout(
            move || match self.held.try_get_untracked() {
                Some(true) => self.expire(id, HELD),
                Some(false) => self.remove(id),
                None => {}
            },
            after,
        );
    }

    fn remove(self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
        if self.list.with_untracked(Vec::is_empty) {
            self.held.set(false);
        }
    }
}

/// Makes toasts available below; called once, in the application's root.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts { list: RwSignal::new(Vec::new()), next: StoredValue::new(0), held: RwSignal::new(false) };
    provide_context(toasts);
    toasts
}

/// The page's toasts. Where none were provided, as in a component's test, they go nowhere.
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(provide_toasts)
}

/// Where toasts appear; once, in the application's root. A manual popover, so that they stand above dialogs.
#[component]
pub fn ToastHost() -> impl IntoView {
    let toasts = use_toasts();
    let host = NodeRef::<html::Div>::new();
    Effect::new(move || {
        let any = toasts.list.with(|list| !list.is_empty());
        if let Some(host) = host.get_untracked() {
            if any {
                dom::raise_popover(&host);
            } else {
                dom::hide_popover(&host);
            }
        }
    });
    view! {
        <div
            class="toasts"
            popover="manual"
            node_ref=host
            on:mouseenter=move |_| toasts.held.set(true)
            on:mouseleave=move |_| toasts.held.set(false)
            on:focusin=move |_| toasts.held.set(true)
            on:focusout=move |_| toasts.held.set(false)
        >
            <For each=move || toasts.list.get() key=|toast| toast.id let(toast)>
                <div class="toast">
                    <p class="toast__text">{toast.text}</p>
                    {toast
                        .undo
                        .map(|undo| {
                            view! {
                                <button
                                    class="toast__undo"
                                    type="button"
                                    on:click=move |_| {
                                        undo.run(());
                                        toasts.remove(toast.id);
                                    }
                                >
                                    "Undo"
                                </button>
                            }
                        })}
                    <button
                        class="toast__close"
                        type="button"
                        aria-label="Dismiss"
                        on:click=move |_| toasts.remove(toast.id)
                    >
                        <Icon name=Glyph::Close />
                    </button>
                </div>
            </For>
        </div>
        // A live region must be on the page before its text, and a closed popover is not.
        <p class="sr-only" role="status">
            {move || toasts.list.with(|list| list.last().map(|toast| toast.text.clone()))}
        </p>
    }
    .into_any()
}
