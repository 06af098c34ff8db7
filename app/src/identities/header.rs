//! The head of an identity's page.

use domain::identity::Status;
use domain::permission::Permission;
use domain::record::Identity;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};

use super::acts::{Asked, Question};
use super::query::LIST;
use super::words;
use crate::binding_jobs::AddPasskey;
use crate::browser;
use crate::console::may;
use crate::ui::{
    Avatar, Breadcrumb, Button, ButtonKind, Crumb, Glyph, LinkButton, Menu, MenuItem, MenuLook, MenuRule, PageHeader, StatusChip,
};

/// Name, states, and what can be done.
#[component]
pub(super) fn Header(person: Signal<Identity>, asked: Asked) -> impl IntoView {
    let name = Memo::new(move |_| person.with(|person| person.display_name.clone()));
    let username = Memo::new(move |_| person.with(|person| person.username.clone()));
    let status = Memo::new(move |_| person.with(|person| person.status));
    let enrollment = Memo::new(move |_| person.with(|person| person.enrollment));
    focus_after_adding(person);
    view! {
        <PageHeader
            title=name
            breadcrumb=|| view! { <Breadcrumb items=vec![Crumb::new(LIST, "Identities")] /> }
            lead=move || view! { <Avatar name large=true /> }
            beside=move || {
                view! {
                    <span class="chips">
                        <StatusChip status=Signal::derive(move || words::status_chip(status.get())) />
                        <StatusChip status=Signal::derive(move || words::enrollment_chip(enrollment.get())) />
                    </span>
                }
            }
            subtitle=move || view! { <span>{move || username.get()}</span> }
            actions=move || view! { <Actions person status asked /> }
        />
    }
}

#[component]
fn Actions(person: Signal<Identity>, status: Memo<Status>, asked: Asked) -> impl IntoView {
    let add = AddPasskey::of_page();
    let edit = move || person.with(|person| format!("{LIST}/{}/edit", person.id));
    let ask = move |question| asked.ask(question, person.get_untracked());
    let suspended = move || status.get() == Status::Suspended;
    let turn = move |()| ask(if untrack(suspended) { Question::Reactivate } else { Question::Suspend });
    let edits = may(Permission::IdentitiesUpdate);
    let deletes = may(Permission::IdentitiesDelete);
    let menu = (edits || deletes).then(|| {
        view! {
            <Menu id="identity-menu" label="More actions" look=MenuLook::IconOnly icon=Glyph::ChevronDown kind=ButtonKind::Secondary>
                {edits
                    .then(|| {
                        view! {
                            <MenuItem icon=Glyph::Pause on_select=turn>
                                {move || if suspended() { "Reactivate identity" } else { "Suspend identity" }}
                            </MenuItem>
                        }
                    })}
                {(edits && deletes).then(|| view! { <MenuRule /> })}
                {deletes
                    .then(|| {
                        view! {
                            <MenuItem icon=Glyph::Trash danger=true on_select=move |()| ask(Question::Delete)>"Delete identity"</MenuItem>
                        }
                    })}
            </Menu>
        }
    });
    let invite = may(Permission::BindingJobsCreate).then(|| {
        view! {
            <Button
                id="add-passkey"
                kind=ButtonKind::Primary
                icon=Glyph::Passkey
                on_click=move |_| {
                    add.open_for(person.with_untracked(|person| person.id), person.with_untracked(|person| person.display_name.clone()));
                }
            >
                "Add a passkey"
            </Button>
        }
    });
    view! {
        {edits.then(|| view! { <LinkButton href=Signal::derive(edit) icon=Glyph::Edit>"Edit identity"</LinkButton> })}
        {invite}
        {menu}
    }
}

/// Whoever was just added needs a passkey next: the button has the focus, and the address is as it will be tomorrow.
fn focus_after_adding(person: Signal<Identity>) {
    let url = use_url();
    let navigate = use_navigate();
    Effect::new(move || {
        if url.with_untracked(|url| url.search() != "added") {
            return;
        }
        browser::focus_soon("#add-passkey".to_owned());
        let navigate = navigate.clone();
        let home = person.with_untracked(|person| format!("{LIST}/{}", person.id));
        // An address that changes while the page is being put together would begin anew.
        request_animation_frame(move || navigate(&home, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() }));
    });
}
