//! One identity's page: who it is, what can be done, and its tabs.

use domain::IdentityId;
use domain::record::Identity;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_params_map};

use super::acts::{ActDialogs, Asked};
use super::header::Header;
use super::query::LIST;
use super::server::identity;
use crate::binding_jobs::{AddPasskey, AddPasskeyDialog};
use crate::live::hear_nothing_while;
use crate::remote::{Loaded, Remote, live_resource};
use crate::ui::{EmptyState, Glyph, LinkButton, LiveTitle, TabItem, Tabs};

/// The identity whose page this is, for its tabs.
#[derive(Clone, Copy)]
pub struct Current {
    pub id: IdentityId,
    pub entry: Remote<Identity>,
}

impl Current {
    /// Of the page around the caller.
    ///
    /// # Panics
    /// Outside the page of an identity.
    #[must_use]
    pub fn of_page() -> Self {
        expect_context()
    }
}

/// The id in the address, where it is one.
pub(super) fn use_id() -> Memo<Option<IdentityId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse().ok())))
}

/// The frame of an identity's tabs.
#[component]
pub fn DetailPage() -> impl IntoView {
    let id = use_id();
    // Another person is another page: nothing of one may be left on the other's.
    move || match id.get() {
        Some(id) => Either::Left(view! { <Detail id /> }),
        None => Either::Right(view! { <Missing /> }),
    }
}

#[component]
fn Detail(id: IdentityId) -> impl IntoView {
    let asked = Asked::new();
    let deleting = asked.is_deleting();
    hear_nothing_while(deleting);
    let entry = live_resource(Some(id), || (), move |(), live| identity(id, live));
    provide_context(Current { id, entry });
    provide_context(AddPasskey::new());
    // While it is being deleted, its absence is no news.
    let missing = move || view! { <Show when=move || !deleting.get()><Missing /></Show> };
    view! {
        <Loaded resource=entry missing fallback=|| view! { <div class="detail-place"></div> } let(person)>
            <LiveTitle text=Signal::derive(move || person.with(|person| person.display_name.clone())) />
            <Header person asked />
            <TabRow id person />
        </Loaded>
        <Outlet />
        <ActDialogs asked entry />
        <AddPasskeyDialog />
    }
}

#[component]
fn TabRow(id: IdentityId, person: Signal<Identity>) -> impl IntoView {
    let path = use_location().pathname;
    let home = format!("{LIST}/{id}");
    let below = |name: &str| format!("{LIST}/{id}/{name}");
    let count = move |of: fn(&Identity) -> u32| Signal::derive(move || Some(u64::from(person.with(of))));
    let items = vec![
        TabItem::new(home, "Profile"),
        TabItem::new(below("passkeys"), "Passkeys").count(count(|person| person.passkeys)),
        TabItem::new(below("binding-jobs"), "Binding jobs"),
        TabItem::new(below("groups"), "Groups").count(count(|person| person.groups)),
        TabItem::new(below("activity"), "Activity"),
    ];
    view! { <Tabs label="Identity" items current=path /> }
}

/// In place of an identity that does not exist.
#[component]
pub(super) fn Missing() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::context::set_status(404);
    view! {
        <Title text="Not found" />
        <h1 class="sr-only">"Not found"</h1>
        <EmptyState
            icon=Glyph::Identities
            title="This identity does not exist, or no longer does"
            text="It may have been deleted. The address may also have been copied only in part."
            action=|| view! { <LinkButton href=LIST>"All identities"</LinkButton> }
        />
    }
}
