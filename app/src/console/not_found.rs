//! The page for an address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::{EmptyState, LinkButton, PageHeader};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::context::set_status(404);
    view! {
        <Title text="Page not found" />
        <PageHeader title="This page does not exist" />
        <EmptyState
            title="Nothing is at this address"
            text="Check that it was copied whole. What it led to may also have been removed."
            action=|| view! { <LinkButton href="/identities">"Go to identities"</LinkButton> }
        />
    }
}
