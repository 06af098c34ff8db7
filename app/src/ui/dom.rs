//! The only file of the design system that speaks to the browser beyond an element's own methods.
//!
//! On the server each function does nothing, so that components are written once, without conditions in their middle.

/// Where the focus goes within a list that the arrow keys walk through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    First,
    Last,
    Next,
    Previous,
}

impl Step {
    /// The step that a key of a vertical list asks for.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        match key {
            "ArrowDown" => Some(Self::Next),
            "ArrowUp" => Some(Self::Previous),
            "Home" => Some(Self::First),
            "End" => Some(Self::Last),
            _ => None,
        }
    }

    /// The index to move to among `len` items; the ends are joined.
    #[cfg_attr(not(any(feature = "hydrate", test)), expect(dead_code, reason = "there is no focus on the server"))]
    fn target(self, current: Option<usize>, len: usize) -> Option<usize> {
        let last = len.checked_sub(1)?;
        Some(match (self, current) {
            (Self::First, _) | (Self::Next, None) => 0,
            (Self::Last, _) | (Self::Previous, None | Some(0)) => last,
            (Self::Next, Some(at)) => {
                if at >= last {
                    0
                } else {
                    at + 1
                }
            }
            (Self::Previous, Some(at)) => at - 1,
        })
    }
}

pub(super) use world::*;

#[cfg(feature = "hydrate")]
mod world {
    use super::Step;
    use leptos::prelude::document;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Element, HtmlElement};

    /// Microseconds since the epoch by this browser's clock.
    #[expect(clippy::unnecessary_wraps, reason = "the server, which has the same function, has no answer")]
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds fit for some 290,000 years")]
    pub(crate) fn now_micros() -> Option<i64> {
        Some(js_sys::Date::now() as i64 * 1000)
    }

    fn focusable(root: &Element, selector: &str) -> Vec<HtmlElement> {
        let Ok(found) = root.query_selector_all(selector) else {
            return Vec::new();
        };
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<HtmlElement>().ok()).collect()
    }

    /// Focuses the first element that one of the selectors finds; earlier selectors win.
    pub(crate) fn focus_first(root: &Element, selectors: &[&str]) {
        for selector in selectors {
            if let Ok(Some(found)) = root.query_selector(selector)
                && let Ok(found) = found.dyn_into::<HtmlElement>()
            {
                let _ = found.focus();
                return;
            }
        }
    }

    /// Moves the focus one step among the elements that the selector finds.
    pub(crate) fn focus_step(root: &Element, selector: &str, step: Step) {
        let items = focusable(root, selector);
        let active = document().active_element();
        let current = items.iter().position(|item| active.as_ref().is_some_and(|active| item.is_same_node(Some(active))));
        if let Some(at) = step.target(current, items.len()) {
            let _ = items[at].focus();
        }
    }

    /// Focuses the next item whose text begins with what was typed.
    pub(crate) fn focus_letter(root: &Element, selector: &str, typed: &str) {
        let items = focusable(root, selector);
        let active = document().active_element();
        let from =
            items.iter().position(|item| active.as_ref().is_some_and(|active| item.is_same_node(Some(active)))).map_or(0, |at| at + 1);
        let typed = typed.to_lowercase();
        let (before, after) = items.split_at(from);
        let found = after.iter().chain(before).find(|item| {
            let text = item.text_content().unwrap_or_default();
            text.trim().to_lowercase().starts_with(&typed)
        });
        if let Some(found) = found {
            let _ = found.focus();
        }
    }

    pub(crate) fn has_focus_within(root: &Element) -> bool {
        document().active_element().is_some_and(|active| root.contains(Some(&active)))
    }

    pub(crate) fn popover_is_open(element: &Element) -> bool {
        element.matches(":popover-open").unwrap_or(false)
    }

    pub(crate) fn hide_popover(element: &HtmlElement) {
        if popover_is_open(element) {
            let _ = element.hide_popover();
        }
    }

    /// (Re-)shows a manual popover, which puts it above every dialog that opened since.
    pub(crate) fn raise_popover(element: &HtmlElement) {
        hide_popover(element);
        let _ = element.show_popover();
    }

    fn property(of: &JsValue, name: &str) -> JsValue {
        js_sys::Reflect::get(of, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
    }

    /// Copies; tells `done` whether it worked. Outside a secure context there is no clipboard to ask.
    pub(crate) fn copy_text(text: &str, done: impl FnOnce(bool) + 'static) {
        let clipboard = property(&leptos::prelude::window().navigator(), "clipboard");
        let promise = property(&clipboard, "writeText")
            .dyn_into::<js_sys::Function>()
            .ok()
            .and_then(|write| write.call1(&clipboard, &JsValue::from_str(text)).ok())
            .and_then(|promise| promise.dyn_into::<js_sys::Promise>().ok());
        match promise {
            Some(promise) => wasm_bindgen_futures::spawn_local(async move {
                done(wasm_bindgen_futures::JsFuture::from(promise).await.is_ok());
            }),
            None => done(false),
        }
    }

    /// The theme that the page shows by choice; `None` when it follows the system.
    pub(crate) fn chosen_theme() -> Option<String> {
        let storage = leptos::prelude::window().local_storage().ok().flatten();
        storage
            .and_then(|storage| storage.get_item("theme").ok().flatten())
            .or_else(|| document().document_element()?.get_attribute("data-theme"))
    }

    /// Shows a theme and keeps the choice: in storage for other tabs, in a cookie for the server's next page.
    pub(crate) fn choose_theme(theme: Option<&str>) {
        let document = document();
        if let Some(root) = document.document_element() {
            let _ = match theme {
                Some(theme) => root.set_attribute("data-theme", theme),
                None => root.remove_attribute("data-theme"),
            };
        }
        if let Ok(Some(storage)) = leptos::prelude::window().local_storage() {
            let _ = match theme {
                Some(theme) => storage.set_item("theme", theme),
                None => storage.remove_item("theme"),
            };
        }
        let cookie = match theme {
            Some(theme) => format!("theme={theme}; path=/; max-age=31536000; samesite=lax"),
            None => "theme=; path=/; max-age=0; samesite=lax".to_owned(),
        };
        let _ = js_sys::Reflect::set(&document, &"cookie".into(), &JsValue::from_str(&cookie));
    }
}

#[cfg(not(feature = "hydrate"))]
mod world {
    use super::Step;
    use leptos::web_sys::{Element, HtmlElement};

    pub(crate) fn now_micros() -> Option<i64> {
        None
    }
    pub(crate) fn focus_first(_: &Element, _: &[&str]) {}
    pub(crate) fn focus_step(_: &Element, _: &str, _: Step) {}
    pub(crate) fn focus_letter(_: &Element, _: &str, _: &str) {}
    pub(crate) fn has_focus_within(_: &Element) -> bool {
        false
    }
    pub(crate) fn popover_is_open(_: &Element) -> bool {
        false
    }
    pub(crate) fn hide_popover(_: &HtmlElement) {}
    pub(crate) fn raise_popover(_: &HtmlElement) {}
    pub(crate) fn copy_text(_: &str, _: impl FnOnce(bool) + 'static) {}
    pub(crate) fn chosen_theme() -> Option<String> {
        None
    }
    pub(crate) fn choose_theme(_: Option<&str>) {}
}

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn steps_join_the_ends_of_a_list() {
        assert_eq!(Step::Next.target(Some(2), 3), Some(0));
        assert_eq!(Step::Previous.target(Some(0), 3), Some(2));
        assert_eq!(Step::Next.target(Some(0), 3), Some(1));
        assert_eq!(Step::Previous.target(Some(2), 3), Some(1));
    }

    #[test]
    fn the_first_step_into_a_list_takes_the_nearer_end() {
        assert_eq!(Step::Next.target(None, 3), Some(0));
        assert_eq!(Step::Previous.target(None, 3), Some(2));
        assert_eq!(Step::Last.target(None, 3), Some(2));
    }

    #[test]
    fn an_empty_list_has_nowhere_to_go() {
        assert_eq!(Step::First.target(None, 0), None);
    }
}
