//! Lists whose items stay in place while their content changes.

use leptos::prelude::*;
use std::hash::Hash;

/// Shows each item of a list. An item that is still there when the list is read again keeps its elements, and with them
/// the focus and what is unfolded; only what changed in it is written anew.
#[component]
pub fn Each<T, K, V, C>(#[prop(into)] items: Signal<Vec<T>>, key: fn(&T) -> K, children: C) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    K: Copy + Eq + Hash + Send + Sync + 'static,
    V: IntoView + 'static,
    C: Fn(Signal<T>) -> V + Clone + Send + 'static,
{
    let child = move |item: T| {
        let wanted = key(&item);
        let now = Memo::new(move |before: Option<&T>| {
            let found = items.with(|items| items.iter().find(|item| key(item) == wanted).cloned());
            // An item that has just left the list is still asked for what it shows.
            found.or_else(|| before.cloned()).unwrap_or_else(|| item.clone())
        });
        children(now.into())
    };
    view! { <For each=move || items.get() key=key children=child /> }
}
