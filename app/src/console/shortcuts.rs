//! The keys that open the palette.

use leptos::prelude::*;

use crate::browser;

/// `/` where nothing is being typed, and Ctrl-K or ⌘K everywhere; not while a dialog is open.
pub(super) fn listen(palette: RwSignal<bool>) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        let command = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case("k");
        let slash = event.key() == "/" && !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !browser::is_typing();
        if (command || slash) && !browser::exists("dialog[open]") {
            event.prevent_default();
            palette.set(true);
        }
    });
    on_cleanup(move || listener.remove());
}
