//! Who is signed in, and signing out.

use domain::ceremony::Me;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::sign_in;
use crate::ui::{Avatar, ConfirmDialog, Glyph, Icon, Menu, MenuItem, MenuRule};

/// Ends the session and leaves the console. What keeps it from that is said in a dialog: whoever believes they are
/// signed out walks away.
#[derive(Clone, Copy)]
pub struct SignOut {
    busy: RwSignal<bool>,
    failed: RwSignal<bool>,
    error: RwSignal<Option<String>>,
}

impl SignOut {
    pub(super) fn new() -> Self {
        Self { busy: RwSignal::new(false), failed: RwSignal::new(false), error: RwSignal::new(None) }
    }

    pub(super) fn run(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            if let Err(error) = sign_in::sign_out().await {
                self.busy.set(false);
                self.error.set(Some(error.words));
                self.failed.set(true);
            }
        });
    }
}

#[component]
pub(super) fn AccountMenu(me: Me, sign_out: SignOut) -> impl IntoView {
    let name = StoredValue::new(me.display_name);
    // Elsewhere there is no page of one's own.
    let passkeys = me.realm.own.then(|| format!("/identities/{}/passkeys", me.identity));
    view! {
        <Menu
            id="account-menu"
            label="account menu"
            trigger=move || {
                view! {
                    <span class="account">
                        <Avatar name=name.get_value() />
                        <span class="account__name">{name.get_value()}</span>
                        <Icon name=Glyph::ChevronDown />
                    </span>
                }
            }
        >
            <p class="menu__note" role="presentation">{me.username}</p>
            {passkeys
                .map(|passkeys| {
                    view! {
                        <MenuItem href=passkeys icon=Glyph::Passkey>"My passkeys"</MenuItem>
                        <MenuRule />
                    }
                })}
            <MenuItem icon=Glyph::SignOut on_select=move |()| sign_out.run()>"Sign out"</MenuItem>
        </Menu>
    }
}

#[component]
pub(super) fn SignOutDialog(sign_out: SignOut) -> impl IntoView {
    view! {
        <ConfirmDialog
            id="still-signed-in"
            open=sign_out.failed
            title="You are still signed in"
            verb="Sign out"
            busy=sign_out.busy
            error=sign_out.error
            on_confirm=move |()| sign_out.run()
        >
            <p>"Signing out did not work. Try again before you leave this computer."</p>
        </ConfirmDialog>
    }
}
