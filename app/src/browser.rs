//! What pages ask of the browser around them: the address, visibility, the focus.
//!
//! On the server each function does nothing, so that pages are written once, without conditions in their middle.

pub use world::*;

use leptos::prelude::request_animation_frame;

/// How many frames a part of the page may take to appear.
const PATIENCE: u8 = 60;

/// Focuses the first element that the selector finds, once there is one: a page that was just gone to appears a frame or
/// two later.
pub fn focus_soon(selector: String) {
    fn attempt(selector: String, left: u8) {
        request_animation_frame(move || {
            if !focus(&selector) && left > 0 {
                attempt(selector, left - 1);
            }
        });
    }
    attempt(selector, PATIENCE);
}

#[cfg(feature = "hydrate")]
mod world {
    use std::time::Duration;

    use leptos::prelude::{document, window};
    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::Closure;
    use web_sys::HtmlElement;

    /// The path of the page's address.
    #[must_use]
    pub fn path() -> String {
        window().location().pathname().unwrap_or_default()
    }

    /// Path and query of the page's address.
    #[must_use]
    pub fn path_and_query() -> String {
        path() + &window().location().search().unwrap_or_default()
    }

    /// Host and port of the page's address.
    #[must_use]
    pub fn host() -> String {
        window().location().host().unwrap_or_default()
    }

    /// Lets time pass.
    pub async fn wait(time: Duration) {
        gloo_timers::future::sleep(time).await;
    }

    /// Loads another page afresh.
    pub fn go(address: &str) {
        let _ = window().location().assign(address);
    }

    /// Loads this page afresh.
    pub fn reload() {
        let _ = window().location().reload();
    }

    /// Whether the address is one that browsers trust with passkeys: `https`, or this machine itself.
    #[must_use]
    pub fn is_secure_context() -> bool {
        window().is_secure_context()
    }

    /// Whether somebody can see the page. A page that is loaded ahead of time cannot be seen.
    #[must_use]
    pub fn is_visible() -> bool {
        document().visibility_state() == web_sys::VisibilityState::Visible
    }

    /// Runs once the page can be seen.
    pub fn when_visible(run: impl FnOnce() + 'static) {
        if is_visible() {
            run();
            return;
        }
        // It only ever goes from hidden to visible before the first time.
        let run = Closure::once_into_js(run);
        let once = web_sys::AddEventListenerOptions::new();
        once.set_once(true);
        let _ = document().add_event_listener_with_callback_and_add_event_listener_options("visibilitychange", run.unchecked_ref(), &once);
    }

    /// Focuses the first element that the selector finds; tells whether there was one.
    pub fn focus(selector: &str) -> bool {
        let found = document().query_selector(selector).ok().flatten().and_then(|found| found.dyn_into::<HtmlElement>().ok());
        found.is_some_and(|found| found.focus().is_ok())
    }

    /// Presses the first element that the selector finds.
    pub fn press(selector: &str) {
        if let Ok(Some(found)) = document().query_selector(selector)
            && let Ok(found) = found.dyn_into::<HtmlElement>()
        {
            found.click();
        }
    }

    /// Scrolls as little as it takes to show the first element that the selector finds.
    pub fn reveal(selector: &str) {
        if let Ok(Some(found)) = document().query_selector(selector) {
            let nearest = web_sys::ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            found.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    }

    /// Whether an element matches the selector.
    #[must_use]
    pub fn exists(selector: &str) -> bool {
        document().query_selector(selector).ok().flatten().is_some()
    }

    /// Whether keys go into a field.
    #[must_use]
    pub fn is_typing() -> bool {
        document().active_element().is_some_and(|active| active.matches("input, textarea, select, [contenteditable]").unwrap_or(false))
    }

    /// Whether what had the focus has left the page.
    #[must_use]
    pub fn focus_is_lost() -> bool {
        document().active_element().is_none_or(|active| active.tag_name() == "BODY")
    }

    /// What stands in a `<meta>` of the page's head.
    #[must_use]
    pub fn meta(name: &str) -> String {
        let found = document().query_selector(&format!("meta[name={name}]")).ok().flatten();
        found.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
    }

    /// Says on the root element that the page answers from now on.
    pub fn mark_hydrated() {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    }
}

#[cfg(not(feature = "hydrate"))]
mod world {
    #[must_use]
    pub fn path() -> String {
        String::new()
    }
    #[must_use]
    pub fn path_and_query() -> String {
        String::new()
    }
    #[must_use]
    pub fn host() -> String {
        String::new()
    }
    #[expect(clippy::unused_async, reason = "the browser's side waits")]
    pub async fn wait(_: std::time::Duration) {}
    pub fn go(_: &str) {}
    pub fn reload() {}
    #[must_use]
    pub fn is_secure_context() -> bool {
        false
    }
    #[must_use]
    pub fn is_visible() -> bool {
        false
    }
    pub fn when_visible(_: impl FnOnce() + 'static) {}
    #[must_use]
    pub fn focus(_: &str) -> bool {
        false
    }
    pub fn press(_: &str) {}
    pub fn reveal(_: &str) {}
    #[must_use]
    pub fn exists(_: &str) -> bool {
        false
    }
    #[must_use]
    pub fn is_typing() -> bool {
        false
    }
    #[must_use]
    pub fn focus_is_lost() -> bool {
        false
    }
    #[must_use]
    pub fn meta(_: &str) -> String {
        String::new()
    }
    pub fn mark_hydrated() {}
}
