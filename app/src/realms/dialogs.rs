//! The forms of a realm and of the tenant, and asking before a realm goes.

use domain::realm::{Realm, RealmForm, Tenant, tenant_name};
use leptos::prelude::*;

use super::server::{create_realm, delete_realm, update_realm, update_tenant};
use crate::remote::Act;
use crate::ui::{Banner, Button, ButtonKind, ConfirmDialog, Dialog, DialogWidth, Field, Tone, use_toasts};

/// What the realm's dialog is open for.
#[derive(Clone, PartialEq)]
pub enum Editing {
    New,
    Realm(Realm),
}

/// Makes a realm, or edits one.
#[component]
pub(super) fn RealmDialog(editing: RwSignal<Option<Editing>>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let (open, act) = (RwSignal::new(false), Act::new());
    let typed = RwSignal::new(RealmForm::default());
    let tried = RwSignal::new(false);
    Effect::new(move || {
        if let Some(editing) = editing.get() {
            act.clear();
            tried.set(false);
            typed.set(if let Editing::Realm(realm) = &editing { RealmForm::from(realm) } else { RealmForm::default() });
            open.set(true);
        }
    });
    let error = move |name: &'static str| {
        Signal::derive(move || {
            let own = typed.with(|typed| typed.parse().err().unwrap_or_default());
            let own = own.into_iter().find(|error| error.field == name).map(|error| error.message);
            tried.get().then_some(own).flatten().or_else(|| act.field(name).get())
        })
    };
    let toasts = use_toasts();
    let save = move |()| {
        tried.set(true);
        let form = typed.get_untracked();
        let Some(editing) = editing.get_untracked().filter(|_| form.parse().is_ok()) else { return };
        let done = move |realm: Realm, what: &str| {
            open.set(false);
            toasts.show(format!("{} {what}", realm.display_name));
            on_done.run(());
        };
        match editing {
            Editing::New => act.run(move || create_realm(form.clone()), move |realm| done(realm, "created")),
            Editing::Realm(realm) => {
                act.run(move || update_realm(realm.id, realm.version, form.clone()), move |realm| done(realm, "saved"));
            }
        }
    };
    let new = move || editing.with(|editing| !matches!(editing, Some(Editing::Realm(_))));
    view! {
        <Dialog
            id="realm"
            open
            width=DialogWidth::Narrow
            title=Signal::derive(move || {
                editing.with(|editing| match editing {
                    Some(Editing::Realm(realm)) => format!("Edit {}", realm.display_name),
                    _ => "Create a realm".to_owned(),
                })
            })
            may_close=Signal::derive(move || !act.busy().get())
            on_submit=save
            on_close=move |()| editing.set(None)
            footer=move || {
                view! {
                    <Button disabled=act.busy() on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary r#type="submit" busy=act.busy()>
                        {move || if new() { "Create realm" } else { "Save" }}
                    </Button>
                }
            }
        >
            {move || new().then(|| view! { <p class="muted">"It begins empty, and its policy lets nobody in until you change it."</p> })}
            <Field
                label="Name"
                name="display_name"
                id="realm-name"
                required=true
                value=Signal::derive(move || typed.with(|typed| typed.display_name.clone()))
                error=error("display_name")
                on_input=move |text| {
                    act.clear();
                    typed.update(|typed| typed.display_name = text);
                }
            />
            <Field
                label="Classification"
                name="classification"
                id="realm-classification"
                optional=true
                hint="What kind of realm it is, in your own words."
                value=Signal::derive(move || typed.with(|typed| typed.classification.clone()))
                error=error("classification")
                on_input=move |text| {
                    act.clear();
                    typed.update(|typed| typed.classification = text);
                }
            />
            {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        </Dialog>
    }
}

/// Renames the tenant.
#[component]
pub(super) fn TenantDialog(editing: RwSignal<Option<Tenant>>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let (open, act) = (RwSignal::new(false), Act::new());
    let typed = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    Effect::new(move || {
        if let Some(tenant) = editing.get() {
            act.clear();
            tried.set(false);
            typed.set(tenant.display_name);
            open.set(true);
        }
    });
    let error = Signal::derive(move || {
        let own = typed.with(|typed| tenant_name(typed).err()).map(|error| error.message);
        tried.get().then_some(own).flatten().or_else(|| act.field("display_name").get())
    });
    let toasts = use_toasts();
    let save = move |()| {
        tried.set(true);
        let name = typed.get_untracked();
        let Some(tenant) = editing.get_untracked().filter(|_| tenant_name(&name).is_ok()) else { return };
        act.run(
            move || update_tenant(tenant.version, name.clone()),
            move |tenant| {
                open.set(false);
                toasts.show(format!("{} saved", tenant.display_name));
                on_done.run(());
            },
        );
    };
    view! {
        <Dialog
            id="tenant"
            open
            width=DialogWidth::Narrow
            title="Rename the tenant"
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
            <Field
                label="Name"
                name="display_name"
                id="tenant-name"
                required=true
                hint="What all of your realms belong to."
                value=typed
                error
                on_input=move |text| {
                    act.clear();
                    typed.set(text);
                }
            />
            {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        </Dialog>
    }
}

/// Asks before a realm goes.
#[component]
pub(super) fn DeleteDialog(realm: RwSignal<Option<Realm>>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let (open, act) = (RwSignal::new(false), Act::new());
    Effect::new(move || {
        if realm.with(Option::is_some) {
            act.clear();
            open.set(true);
        }
    });
    Effect::new(move |before: Option<bool>| {
        let open = open.get();
        if before == Some(true) && !open {
            realm.set(None);
        }
        open
    });
    let toasts = use_toasts();
    let confirm = move |()| {
        let Some(gone) = realm.get_untracked() else { return };
        act.run(
            move || delete_realm(gone.id),
            move |()| {
                open.set(false);
                toasts.show("Realm deleted");
                on_done.run(());
            },
        );
    };
    let name = move || realm.with(|realm| realm.as_ref().map(|realm| format!("Delete {}", realm.display_name)).unwrap_or_default());
    view! {
        <ConfirmDialog
            id="delete-realm"
            open
            title=Signal::derive(name)
            verb="Delete realm"
            danger=true
            busy=act.busy()
            error=act.words()
            on_confirm=confirm
        >
            <p>"Its policy and its branding go with it. A realm that still has identities or groups is not deleted."</p>
            <p>"This cannot be taken back. Its audit log stays in the database, where the command line can still prove it."</p>
        </ConfirmDialog>
    }
}
