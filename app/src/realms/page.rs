//! The realms page.

use domain::RealmId;
use domain::permission::Permission;
use domain::realm::{Realm, RealmPage};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_url;

use super::LIST;
use super::dialogs::{DeleteDialog, Editing, RealmDialog, TenantDialog};
use super::entering::{Entering, NotEntered};
use super::server::{realms, tenant};
use crate::address::pairs;
use crate::console::{may, use_me};
use crate::remote::{Loaded, live_resource};
use crate::ui::{
    Button, ButtonKind, Chip, ColumnWidth, DataTable, Each, Glyph, LinkButton, PageHeader, Panel, Row, TableBody, TableHead, Td, Th, Time,
    Tone,
};

/// What a row can open.
#[derive(Clone, Copy)]
struct Acts {
    editing: RwSignal<Option<Editing>>,
    deleting: RwSignal<Option<Realm>>,
    entering: Entering,
}

/// Behind which realm the shown page begins.
fn after(query: &str) -> Option<RealmId> {
    pairs(query).find(|(name, _)| name == "after").and_then(|(_, value)| value.parse().ok())
}

/// Every realm of the tenant, and the tenant's own name.
#[component]
pub fn RealmsPage() -> impl IntoView {
    let url = use_url();
    let position = Memo::new(move |_| url.with(|url| after(url.search())));
    let page = live_resource(None, move || position.get(), realms);
    let acts = Acts { editing: RwSignal::new(None), deleting: RwSignal::new(None), entering: Entering::new() };
    let create = move || {
        may(Permission::RealmsCreate).then(|| {
            view! {
                <Button kind=ButtonKind::Primary icon=Glyph::Plus on_click=move |_| acts.editing.set(Some(Editing::New))>
                    "Create realm"
                </Button>
            }
        })
    };
    view! {
        <Title text="Realms" />
        <PageHeader
            title="Realms"
            subtitle=|| view! { <span>"Directories that know nothing of each other, administered from here."</span> }
            actions=create
        />
        <Loaded resource=page let(shown)>
            <Found shown position acts />
        </Loaded>
        <TenantPanel />
        <RealmDialog editing=acts.editing on_done=move |()| page.refetch() />
        <DeleteDialog realm=acts.deleting on_done=move |()| page.refetch() />
        <NotEntered id="realm-not-entered" entering=acts.entering />
    }
}

#[component]
fn Found(shown: Signal<RealmPage>, position: Memo<Option<RealmId>>, acts: Acts) -> impl IntoView {
    let realms = Memo::new(move |_| shown.with(|page| page.realms.clone()));
    let home = Memo::new(move |_| shown.with(|page| page.home));
    let onward = move || {
        let next = shown.with(|page| page.next).map(|next| format!("{LIST}?after={next}"));
        let first = position.get().is_some();
        (first || next.is_some()).then(|| {
            view! {
                <div class="older">
                    {first.then(|| view! { <LinkButton href=LIST>"First page"</LinkButton> })}
                    {next.map(|next| view! { <LinkButton href=next>"Next page"</LinkButton> })}
                </div>
            }
        })
    };
    view! {
        <DataTable caption="Realms">
            <TableHead>
                <Th label="Realm" />
                <Th label="Classification" />
                <Th label="Created" width=ColumnWidth::Time />
                <Th><span class="sr-only">"Acts"</span></Th>
            </TableHead>
            <TableBody>
                <Each items=realms key=|realm: &Realm| realm.id let(realm)>
                    <RealmRow realm home acts />
                </Each>
            </TableBody>
        </DataTable>
        {onward}
    }
}

#[component]
fn RealmRow(realm: Signal<Realm>, home: Memo<RealmId>, acts: Acts) -> impl IntoView {
    let id = realm.with_untracked(|realm| realm.id);
    let me = use_me();
    let here = Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| me.realm.id == id)));
    let name = move || realm.with(|realm| realm.display_name.clone());
    let enter = may(Permission::RealmsEnter).then(|| {
        let press = move |_| acts.entering.go(id, realm.with_untracked(|realm| realm.display_name.clone()));
        let disabled = Signal::derive(move || here.get() || acts.entering.busy().get());
        view! { <Button kind=ButtonKind::Quiet disabled on_click=press>"Enter" <span class="sr-only">" " {name}</span></Button> }
    });
    let edit = may(Permission::RealmsUpdate).then(|| {
        let press = move |_| acts.editing.set(Some(Editing::Realm(realm.get_untracked())));
        view! { <Button kind=ButtonKind::Quiet on_click=press>"Edit" <span class="sr-only">" " {name}</span></Button> }
    });
    let delete = move || {
        (may(Permission::RealmsDelete) && home.get() != id).then(|| {
            let press = move |_| acts.deleting.set(Some(realm.get_untracked()));
            view! { <Button kind=ButtonKind::Quiet on_click=press>"Delete" <span class="sr-only">" " {name}</span></Button> }
        })
    };
    view! {
        <Row>
            <Td main=true>
                <span>{name} " " {move || here.get().then(|| view! { <Chip tone=Tone::Accent icon=Some(Glyph::Check) label="You are here" /> })}</span>
                <span class="td__sub mono">{id.to_string()}</span>
            </Td>
            <Td label="Classification">{move || realm.with(|realm| realm.classification.clone())}</Td>
            <Td label="Created"><Time at=Signal::derive(move || realm.with(|realm| realm.created_at.micros())) /></Td>
            <Td control=true><span class="row-acts">{enter} {edit} {delete}</span></Td>
        </Row>
    }
}

/// What all the realms belong to.
#[component]
fn TenantPanel() -> impl IntoView {
    let entry = live_resource(None, || (), |(), live| tenant(live));
    let editing = RwSignal::new(None);
    view! {
        <Loaded resource=entry let(shown)>
            <Panel title="Tenant">
                <p>
                    {move || shown.with(|tenant| tenant.display_name.clone())} " "
                    <span class="muted mono">{move || shown.with(|tenant| tenant.id.to_string())}</span>
                </p>
                {may(Permission::TenantsUpdate)
                    .then(|| view! { <Button icon=Glyph::Edit on_click=move |_| editing.set(Some(shown.get_untracked()))>"Rename tenant"</Button> })}
            </Panel>
        </Loaded>
        <TenantDialog editing on_done=move |()| entry.refetch() />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_where_the_page_begins() {
        assert_eq!(after("after=0000000000000007"), Some(RealmId::from_i64(7)));
        for none in ["", "after=", "after=x", "before=0000000000000007"] {
            assert_eq!(after(none), None, "{none}");
        }
    }
}
