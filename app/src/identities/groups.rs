//! The groups tab: what the person is a member of, joined and left.

use domain::GroupId;
use domain::permission::Permission;
use domain::record::Group;
use leptos::either::Either;
use leptos::prelude::*;

use super::detail::Current;
use super::server::groups_of;
use crate::console::may;
use crate::groups::JoinDialog;
use crate::groups::server::remove_members;
use crate::remote::{Act, Loaded, live_resource};
use crate::ui::{
    Banner, Button, ButtonKind, ColumnWidth, DataTable, Each, EmptyState, Glyph, Row, TableBody, TableHead, Td, Th, Tone, grouped,
    use_toasts,
};

/// The person's groups.
#[component]
pub fn GroupsTab() -> impl IntoView {
    let id = Current::of_page().id;
    let groups = live_resource(Some(id), || (), move |(), live| groups_of(id, live));
    let joining = RwSignal::new(Vec::new());
    let joined = RwSignal::new(Vec::<GroupId>::new());
    let changes = may(Permission::GroupsUpdate);
    let join = move || changes.then(|| view! { <Button icon=Glyph::Plus on_click=move |_| joining.set(vec![id])>"Add to group"</Button> });
    view! {
        <Loaded resource=groups missing=|| () let(groups)>
            {
                Effect::new(move || joined.set(groups.with(|groups| groups.iter().map(|group| group.id).collect())));
                let none = Memo::new(move |_| groups.with(Vec::is_empty));
                move || {
                    if none.get() {
                        Either::Left(view! {
                            <EmptyState
                                icon=Glyph::Groups
                                title="In no group"
                                text="Groups decide which applications a person may enter."
                                action=join
                            />
                        })
                    } else {
                        Either::Right(view! {
                            <div class="tab-actions">{join}</div>
                            <Memberships groups changes />
                        })
                    }
                }
            }
        </Loaded>
        <JoinDialog joining without=joined on_done=|()| () />
    }
}

#[component]
fn Memberships(groups: Signal<Vec<Group>>, changes: bool) -> impl IntoView {
    let leaving = Act::new();
    view! {
        {move || leaving.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        <DataTable caption="Groups">
            <TableHead>
                <Th label="Group" />
                <Th label="Members" numeric=true width=ColumnWidth::Small />
                {changes.then(|| view! { <Th label="Act" width=ColumnWidth::Medium /> })}
            </TableHead>
            <TableBody>
                <Each items=groups key=|group| group.id let(group)>
                    <Membership group changes leaving />
                </Each>
            </TableBody>
        </DataTable>
    }
}

#[component]
fn Membership(group: Signal<Group>, changes: bool, leaving: Act) -> impl IntoView {
    let (id, person) = (group.with_untracked(|group| group.id), Current::of_page().id);
    let name = move || group.with(|group| group.display_name.clone());
    let toasts = use_toasts();
    let leave = move |_| {
        let name = group.with_untracked(|group| group.display_name.clone());
        leaving.run(move || remove_members(id, vec![person]), move |_| toasts.show(["Removed from ", &name].concat()));
    };
    view! {
        <Row>
            <Td main=true>
                <a class="row__link" href=format!("/groups/{id}")>{name}</a>
                <span class="td__sub">{move || group.with(|group| group.description.clone())}</span>
            </Td>
            <Td label="Members" numeric=true>{move || grouped(group.with(|group| group.members))}</Td>
            {changes.then(|| view! {
                <Td>
                    <Button kind=ButtonKind::Quiet icon=Glyph::Minus busy=leaving.busy() on_click=leave>
                        "Remove" <span class="sr-only">" from " {name}</span>
                    </Button>
                </Td>
            })}
        </Row>
    }
}
