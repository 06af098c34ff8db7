//! The console's addresses.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::binding_jobs::{JobsTab, RealmJobsPage};
use crate::branding::BrandingPage;
use crate::console::{Console, NotFoundPage};
use crate::events::{ActivityTab, EventsPage, GroupActivityTab};
use crate::groups::{EditGroupPage, GroupPage, GroupsPage, MembersTab, NewGroupPage};
use crate::identities::{DetailPage, EditPage, GroupsTab, ListPage, NewPage, ProfileTab};
use crate::mail::MailPage;
use crate::passkeys::PasskeysTab;
use crate::policy::{PolicyPage, SimulatorPage, VersionsPage};
use crate::realms::RealmsPage;
use crate::settings::AdministratorsPage;
use crate::sign_in::SignInPage;
use crate::tokens::TokensPage;

/// The console, with its sign-in page. A page names itself with `leptos_meta`'s `<Title text=…/>`.
///
/// Every page is rendered whole before its first byte is sent, because what it shows decides its status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="Keyroll" />
        <Title formatter=|title: String| if title == "Keyroll" { title } else { format!("{title} · Keyroll") } />
        <Router>
            <Routes fallback=|| view! { <NotFoundPage /> }>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Console ssr=SsrMode::Async>
                    <Route path=path!("/") view=|| view! { <Redirect path="/identities" /> } />
                    <Route path=path!("/identities") view=ListPage />
                    <Route path=path!("/identities/new") view=NewPage />
                    <Route path=path!("/identities/binding-jobs") view=RealmJobsPage />
                    <Route path=path!("/identities/:id/edit") view=EditPage />
                    <ParentRoute path=path!("/identities/:id") view=DetailPage>
                        <Route path=path!("/") view=ProfileTab />
                        <Route path=path!("/passkeys") view=PasskeysTab />
                        <Route path=path!("/binding-jobs") view=JobsTab />
                        <Route path=path!("/groups") view=GroupsTab />
                        <Route path=path!("/activity") view=ActivityTab />
                    </ParentRoute>
                    <Route path=path!("/groups") view=GroupsPage />
                    <Route path=path!("/groups/new") view=NewGroupPage />
                    <Route path=path!("/groups/:id/edit") view=EditGroupPage />
                    <ParentRoute path=path!("/groups/:id") view=GroupPage>
                        <Route path=path!("/") view=MembersTab />
                        <Route path=path!("/activity") view=GroupActivityTab />
                    </ParentRoute>
                    <Route path=path!("/policy") view=PolicyPage />
                    <Route path=path!("/policy/simulator") view=SimulatorPage />
                    <Route path=path!("/policy/versions") view=VersionsPage />
                    <Route path=path!("/events") view=EventsPage />
                    <Route path=path!("/settings/branding") view=BrandingPage />
                    <Route path=path!("/settings/mail") view=MailPage />
                    <Route path=path!("/settings/tokens") view=TokensPage />
                    <Route path=path!("/settings/administrators") view=AdministratorsPage />
                    <Route path=path!("/settings/realms") view=RealmsPage />
                    <Route path=path!("/*any") view=NotFoundPage />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
