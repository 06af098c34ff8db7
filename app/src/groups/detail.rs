//! One group's page.

use domain::GroupId;
use domain::permission::Permission;
use domain::record::Group;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_params_map};

use super::add::AddPeopleDialog;
use super::delete::DeleteDialog;
use super::members::Members;
use super::server::group;
use super::{LIST, people};
use crate::console::may;
use crate::live::hear_nothing_while;
use crate::mail::{InviteDialog, Inviting};
use crate::remote::{Act, Loaded, live_resource};
use crate::ui::{Breadcrumb, Button, ButtonKind, Crumb, EmptyState, Glyph, LinkButton, LiveTitle, PageHeader, TabItem, Tabs};

/// The id in the address, where it is one.
pub(super) fn use_group_id() -> Memo<Option<GroupId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse().ok())))
}

/// The group whose page is shown.
#[derive(Clone, Copy)]
pub struct CurrentGroup(pub GroupId);

impl CurrentGroup {
    /// # Panics
    /// Outside of a group's page.
    #[must_use]
    pub fn of_page() -> Self {
        expect_context()
    }
}

/// A group: its members and what happened to it, each a tab.
#[component]
pub fn GroupPage() -> impl IntoView {
    let id = use_group_id();
    move || match id.get() {
        Some(id) => Either::Left(view! { <Detail id /> }),
        None => Either::Right(view! { <Missing /> }),
    }
}

#[component]
fn Detail(id: GroupId) -> impl IntoView {
    let delete = Act::new();
    let going = delete.under_way();
    hear_nothing_while(going);
    let entry = live_resource(None, || (), move |(), live| group(id, live));
    provide_context(CurrentGroup(id));
    let (adding, deleting) = (RwSignal::new(false), RwSignal::new(None::<Group>));
    let inviting = RwSignal::new(None);
    let members = RwSignal::new(0);
    // While it is being deleted, its absence is no news.
    let missing = move || view! { <Show when=move || !going.get()><Missing /></Show> };
    view! {
        <Loaded resource=entry missing let(shown)>
            <Head shown adding deleting inviting members />
            <GroupTabs id shown />
            <Outlet />
        </Loaded>
        <AddPeopleDialog group=id open=adding />
        <DeleteDialog group=deleting act=delete />
        <InviteDialog inviting count=members />
    }
}

#[component]
fn GroupTabs(id: GroupId, shown: Signal<Group>) -> impl IntoView {
    let path = use_location().pathname;
    let members = Signal::derive(move || Some(shown.with(|group| group.members)));
    let base = format!("{LIST}/{id}");
    let mut items = vec![TabItem::new(base.clone(), "Members").count(members)];
    if may(Permission::EventsRead) {
        items.push(TabItem::new(format!("{base}/activity"), "Activity"));
    }
    view! { <Tabs label="Group" items current=Signal::derive(move || path.get()) /> }
}

/// The people in the group.
#[component]
pub fn MembersTab() -> impl IntoView {
    view! { <Members id=CurrentGroup::of_page().0 /> }
}

#[component]
fn Head(
    shown: Signal<Group>,
    adding: RwSignal<bool>,
    deleting: RwSignal<Option<Group>>,
    inviting: RwSignal<Option<Inviting>>,
    members: RwSignal<u64>,
) -> impl IntoView {
    let id = shown.with_untracked(|group| group.id);
    // Whoever is about to delete it sees who joins meanwhile.
    Effect::new(move || {
        let now = shown.get();
        if deleting.with_untracked(|asked| asked.as_ref().is_some_and(|asked| *asked != now)) {
            deleting.set(Some(now));
        }
    });
    let name = Memo::new(move |_| shown.with(|group| group.display_name.clone()));
    let subtitle = move || {
        shown.with(|group| {
            let members = people(group.members);
            if group.description.is_empty() { members } else { format!("{} · {members}", group.description) }
        })
    };
    let actions = move || {
        let edit = may(Permission::GroupsUpdate).then(|| {
            view! {
                <LinkButton href=format!("{LIST}/{id}/edit") icon=Glyph::Edit>"Edit group"</LinkButton>
                <Button id="add-people" kind=ButtonKind::Primary icon=Glyph::Plus on_click=move |_| adding.set(true)>"Add people"</Button>
            }
        });
        let delete = may(Permission::GroupsDelete).then(|| {
            view! { <Button icon=Glyph::Trash on_click=move |_| deleting.set(Some(shown.get_untracked()))>"Delete group"</Button> }
        });
        let invite = may(Permission::BindingJobsCreate).then(|| {
            let press = move |_| {
                members.set(shown.with_untracked(|group| group.members));
                inviting.set(Some(Inviting::Group(id)));
            };
            view! { <Button icon=Glyph::Send disabled=Signal::derive(move || shown.with(|group| group.members == 0)) on_click=press>"Invite members"</Button> }
        });
        view! { {delete} {invite} {edit} }
    };
    view! {
        <LiveTitle text=name />
        <PageHeader
            title=name
            breadcrumb=|| view! { <Breadcrumb items=vec![Crumb::new(LIST, "Groups")] /> }
            subtitle=move || view! { <span>{subtitle}</span> }
            actions
        />
    }
}

/// In place of a group that does not exist.
#[component]
pub(super) fn Missing() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::context::set_status(404);
    view! {
        <Title text="Not found" />
        <h1 class="sr-only">"Not found"</h1>
        <EmptyState
            icon=Glyph::Groups
            title="This group does not exist, or no longer does"
            text="It may have been deleted. The address may also have been copied only in part."
            action=|| view! { <LinkButton href=LIST>"All groups"</LinkButton> }
        />
    }
}
