//! The frame around the console's pages: navigation, top bar, who is signed in.

pub mod account;
mod entries;
pub(crate) mod may;
pub mod not_found;
pub mod palette;
mod shortcuts;

pub use may::may;
pub use not_found::NotFoundPage;

use domain::ceremony::Me;
use domain::permission::Permission;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use crate::error::AppError;
use crate::realms::RealmMenu;
use crate::sign_in::server::me;
use crate::ui::{Banner, Button, Frame, Glyph, NavItem, NavSection, SearchTrigger, ThemeSwitch, ToastHost, Tone, provide_toasts};
use crate::{browser, live};
use account::{AccountMenu, SignOut, SignOutDialog};
use palette::Palette;

/// Who is signed in, once the page is hydrated.
#[derive(Clone, Copy)]
struct Known(RwSignal<Option<Me>>);

/// The signed-in person; nobody before hydration.
#[must_use]
pub fn use_me() -> Signal<Option<Me>> {
    use_context::<Known>().map_or_else(|| Signal::stored(None), |known| known.0.into())
}

/// The places of the navigation that the person's role reaches.
fn sections() -> Vec<NavSection> {
    let all = [
        (
            "Directory",
            vec![
                (Permission::IdentitiesRead, NavItem::new("/identities", Glyph::Identities, "Identities")),
                (Permission::GroupsRead, NavItem::new("/groups", Glyph::Groups, "Groups")),
            ],
        ),
        ("Access", vec![(Permission::PolicyRead, NavItem::new("/policy", Glyph::Policy, "Policy"))]),
        ("Activity", vec![(Permission::EventsRead, NavItem::new("/events", Glyph::Events, "Events"))]),
        (
            "Settings",
            vec![
                (Permission::BrandingRead, NavItem::new("/settings/branding", Glyph::Branding, "Branding")),
                (Permission::MailRead, NavItem::new("/settings/mail", Glyph::Mail, "Mail")),
                (Permission::TokensRead, NavItem::new("/settings/tokens", Glyph::Token, "API tokens")),
                (Permission::AdministratorsRead, NavItem::new("/settings/administrators", Glyph::Admin, "Administrators")),
                (Permission::RealmsRead, NavItem::new("/settings/realms", Glyph::Realm, "Realms")),
            ],
        ),
    ];
    let allowed = |items: Vec<(Permission, NavItem)>| items.into_iter().filter(|(needs, _)| may(*needs)).map(|(_, item)| item).collect();
    let sections = all.into_iter().map(|(title, items)| NavSection::new(title, allowed(items)));
    sections.filter(|section| !section.items.is_empty()).collect()
}

/// The layout of every page but the sign-in page.
#[component]
pub fn Console() -> impl IntoView {
    provide_toasts();
    live::provide_live();
    let me = Resource::new_blocking(|| (), |()| me());
    let known = RwSignal::new(None);
    provide_context(Known(known));
    Effect::new(move || {
        if let Some(Ok(me)) = me.get() {
            known.set(Some(me));
        }
    });
    let path = use_location().pathname;
    keep_focus(path);
    let sign_out = SignOut::new();
    let palette = RwSignal::new(false);
    Effect::new(move || shortcuts::listen(palette));

    let organization =
        move || Suspend::new(async move { me.await.ok().map(|me| view! { <p class="nav__organization">{me.organization}</p> }) });
    let account = move || Suspend::new(async move { me.await.ok().map(|me| view! { <AccountMenu me sign_out /> }) });
    let realm = move || Suspend::new(async move { me.await.ok().map(|me| view! { <RealmMenu me /> }) });
    let failure = move || Suspend::new(async move { me.await.err().map(|error| view! { <Failure error /> }) });
    view! {
        <Frame
            sections=sections()
            current=Signal::derive(move || path.get())
            below_brand=move || view! { <Suspense>{organization}</Suspense> }
            search=move || view! { <SearchTrigger on_open=move |()| palette.set(true) /> }
            tools=move || {
                view! {
                    <Suspense>{realm}</Suspense>
                    <ThemeSwitch />
                    <span class="topbar__account"><Suspense>{account}</Suspense></span>
                }
            }
        >
            <Suspense>{failure}</Suspense>
            <Outlet />
        </Frame>
        <Palette open=palette sign_out />
        <SignOutDialog sign_out />
        <ToastHost />
    }
}

/// Stands above a page when not even who is signed in could be read.
#[component]
fn Failure(error: AppError) -> impl IntoView {
    view! {
        <Banner tone=Tone::Danger title=error.words action=|| view! { <Button on_click=|_| browser::reload()>"Load again"</Button> }>
            {(!error.request_id.is_empty()).then(|| view! { <p class="mono">{error.request_id}</p> })}
        </Banner>
    }
}

/// Where the link that was followed has gone with its page, the focus goes to the new page instead of nowhere.
fn keep_focus(path: Memo<String>) {
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            request_animation_frame(|| {
                if browser::focus_is_lost() {
                    let _ = browser::focus("#main");
                }
            });
        }
        path
    });
}
