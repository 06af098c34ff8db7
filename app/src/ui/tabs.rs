//! Tabs are places: links, each with its own address.

use super::text::grouped;
use leptos::prelude::*;

/// One tab.
#[derive(Clone, Debug)]
pub struct TabItem {
    href: String,
    label: String,
    count: Signal<Option<u64>>,
}

impl TabItem {
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into(), count: Signal::stored(None) }
    }

    /// How many things the tab holds; may arrive later.
    pub fn count(mut self, count: impl Into<Signal<Option<u64>>>) -> Self {
        self.count = count.into();
        self
    }
}

/// A row of tabs; the one whose address is `current` is where we are.
#[component]
pub fn Tabs(
    /// What the tabs divide, for screen readers: "Identity".
    #[prop(into)]
    label: String,
    items: Vec<TabItem>,
    #[prop(into)] current: Signal<String>,
) -> impl IntoView {
    let tabs = items
        .into_iter()
        .map(|tab| {
            let href = tab.href.clone();
            let here = move || current.with(|current| *current == href).then_some("page");
            let count = move || tab.count.get().map(|count| view! { <span class="tabs__count">{grouped(count)}</span> });
            view! {
                <li>
                    <a class="tabs__tab" href=tab.href aria-current=here>
                        {tab.label}
                        {count}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label=label>
            <ul class="tabs__list">{tabs}</ul>
        </nav>
    }
}
