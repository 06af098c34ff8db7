//! The console's roles and their groups.

use domain::GroupId;
use domain::administrator::Binding;
use domain::permission::Permission;
use domain::role::Role;
use leptos::prelude::*;

use super::server::bind_role;
use crate::console::may;
use crate::groups::server::groups;
use crate::remote::Act;
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, ColumnWidth, DataTable, Dialog, DialogWidth, Each, Panel, Row, TableBody, TableHead, Td, Th,
    Tone, use_toasts,
};

const fn explained(role: Role) -> &'static str {
    match role {
        Role::Full => "Everything.",
        Role::Helpdesk => "Reads people and events, hands out and revokes links, revokes passkeys.",
        Role::Auditor => "Reads everything, changes nothing.",
    }
}

#[component]
pub(super) fn RoleBindings(bindings: Memo<Vec<Binding>>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let editing = RwSignal::new(None::<Binding>);
    let allowed = may(Permission::AdministratorsUpdate);
    view! {
        <Panel title="Roles">
            <DataTable caption="Roles">
                <TableHead>
                    <Th label="Role" />
                    <Th label="Members of" />
                    <Th width=ColumnWidth::Small><span class="sr-only">"Change"</span></Th>
                </TableHead>
                <TableBody>
                    <Each items=bindings key=|binding: &Binding| binding.role let(binding)>
                        <RoleRow binding editing allowed />
                    </Each>
                </TableBody>
            </DataTable>
        </Panel>
        <RoleDialog editing on_done />
    }
}

#[component]
fn RoleRow(binding: Signal<Binding>, editing: RwSignal<Option<Binding>>, allowed: bool) -> impl IntoView {
    let role = binding.with_untracked(|binding| binding.role);
    let groups = move || {
        let names = binding.with(|binding| binding.groups.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>().join(", "));
        if names.is_empty() { "No group".to_owned() } else { names }
    };
    view! {
        <Row>
            <Td main=true>
                {role.label()}
                <span class="td__sub">{explained(role)}</span>
            </Td>
            <Td label="Members of">{groups}</Td>
            <Td control=true>
                {allowed
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Quiet on_click=move |_| editing.set(Some(binding.get_untracked()))>
                                "Change" <span class="sr-only">{format!(" groups of {}", role.label())}</span>
                            </Button>
                        }
                    })}
            </Td>
        </Row>
    }
}

#[component]
fn RoleDialog(editing: RwSignal<Option<Binding>>, on_done: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(false);
    let (loading, act) = (Act::new(), Act::new());
    let offered = RwSignal::new(Vec::<(GroupId, String)>::new());
    let chosen = RwSignal::new(Vec::<GroupId>::new());
    Effect::new(move || {
        if let Some(binding) = editing.get() {
            act.clear();
            chosen.set(binding.groups.iter().map(|(group, _)| *group).collect());
            open.set(true);
            loading.run(groups, move |groups| offered.set(groups.into_iter().map(|group| (group.id, group.display_name)).collect()));
        }
    });
    let role = move || editing.with(|editing| editing.as_ref().map(|binding| binding.role));
    let toasts = use_toasts();
    let save = move |()| {
        let Some(role) = untrack(role) else { return };
        let groups = chosen.get_untracked();
        act.run(
            move || bind_role(role, groups.clone()),
            move |()| {
                open.set(false);
                toasts.show(format!("{}: groups changed", role.label()));
                on_done.run(());
            },
        );
    };
    let boxes = move || {
        let boxes = offered.get().into_iter().map(|(group, name)| {
            let toggle = move |on| {
                chosen.update(|chosen| {
                    chosen.retain(|other| *other != group);
                    if on {
                        chosen.push(group);
                    }
                });
            };
            view! {
                <Checkbox
                    label=name
                    name=format!("role-group-{group}")
                    checked=Signal::derive(move || chosen.with(|chosen| chosen.contains(&group)))
                    on_change=toggle
                />
            }
        });
        boxes.collect_view()
    };
    view! {
        <Dialog
            id="role"
            open
            width=DialogWidth::Narrow
            title=Signal::derive(move || role().map_or_else(String::new, |role| format!("Groups with the role {}", role.label())))
            may_close=Signal::derive(move || !act.busy().get())
            on_submit=save
            on_close=move |()| editing.set(None)
            footer=move || {
                view! {
                    <Button disabled=act.busy() on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary r#type="submit" busy=act.busy()>"Save"</Button>
                }
            }
        >
            <p class="muted">{move || role().map(explained)}</p>
            <fieldset class="form__section">
                <legend class="form__legend">"Members of these groups have the role"</legend>
                <div class="form__choices">{boxes}</div>
            </fieldset>
            {move || loading.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
            {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        </Dialog>
    }
}
