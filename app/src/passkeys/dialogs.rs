//! Renaming and revoking a passkey.

use domain::passkey::{PasskeyName, RevokeReason};
use domain::record::Passkey;
use leptos::prelude::*;

use super::keep_in_step;
use super::server::{rename_passkey, revoke_passkey};
use crate::browser;
use crate::console::use_me;
use crate::remote::{Act, Remote};
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogWidth, Field, Tone, use_toasts};

type List = Remote<Vec<Passkey>>;

/// Shows the dialog while something is chosen, and lets go of it when the dialog closes.
fn opened_by(chosen: RwSignal<Option<Passkey>>, begin: impl Fn(&Passkey) + 'static) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if let Some(passkey) = chosen.get() {
            begin(&passkey);
            open.set(true);
        }
    });
    open
}

fn name_of(chosen: RwSignal<Option<Passkey>>) -> String {
    chosen.with(|chosen| chosen.as_ref().map(|passkey| passkey.name.clone()).unwrap_or_default())
}

/// Gives a passkey the name by which its person knows it.
#[component]
pub(super) fn RenameDialog(passkey: RwSignal<Option<Passkey>>, list: List) -> impl IntoView {
    let act = Act::new();
    let typed = RwSignal::new(String::new());
    let left = RwSignal::new(false);
    let open = opened_by(passkey, move |passkey| {
        act.clear();
        left.set(false);
        typed.set(passkey.name.clone());
    });
    let (me, toasts) = (use_me(), use_toasts());
    let wrong = Memo::new(move |_| typed.with(|typed| PasskeyName::parse(typed).err()));
    let refused = act.field("name");
    let error = Signal::derive(move || left.get().then(|| wrong.get()).flatten().or_else(|| refused.get()));
    let save = move |()| {
        left.set(true);
        let Some(passkey) = passkey.get_untracked().filter(|_| wrong.with_untracked(Option::is_none)) else { return };
        let name = typed.get_untracked();
        act.run(
            move || rename_passkey(passkey.id, name.clone()),
            move |renamed| {
                open.set(false);
                keep_in_step(renamed.identity, me);
                toasts.show(format!("Renamed to {}", renamed.name));
                list.refetch();
            },
        );
    };
    view! {
        <Dialog
            id="rename-passkey"
            open
            width=DialogWidth::Narrow
            title=Signal::derive(move || format!("Rename {}", name_of(passkey)))
            may_close=Signal::derive(move || !act.busy().get())
            on_submit=save
            on_close=move |()| passkey.set(None)
            footer=move || {
                view! {
                    <Button disabled=act.busy() on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary r#type="submit" busy=act.busy()>"Rename"</Button>
                }
            }
        >
            <Field
                label="Name"
                name="passkey-name"
                value=typed
                error
                required=true
                on_input=move |text| {
                    act.clear();
                    typed.set(text);
                    if wrong.with_untracked(Option::is_none) {
                        left.set(false);
                    }
                }
                on_blur=move |()| left.set(true)
            />
            {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        </Dialog>
    }
}

/// Takes a passkey out of use for good.
#[component]
pub(super) fn RevokeDialog(passkey: RwSignal<Option<Passkey>>, list: List) -> impl IntoView {
    let act = Act::new();
    let reason = RwSignal::new(String::new());
    let open = opened_by(passkey, move |_| {
        act.clear();
        reason.set(String::new());
    });
    let (me, toasts) = (use_me(), use_toasts());
    let wrong = Memo::new(move |_| reason.with(|reason| RevokeReason::parse(reason).err()));
    let refused = act.field("reason");
    let error = Signal::derive(move || wrong.get().or_else(|| refused.get()));
    let revoke = move |()| {
        let Some(passkey) = passkey.get_untracked().filter(|_| wrong.with_untracked(Option::is_none)) else { return };
        let why = reason.get_untracked();
        act.run(
            move || revoke_passkey(passkey.id, why.clone()),
            move |revoked| {
                open.set(false);
                keep_in_step(revoked.identity, me);
                toasts.show(format!("{} revoked", revoked.name));
                list.refetch();
                // The button that opened the dialog goes away with the card.
                browser::focus_soon("#main".to_owned());
            },
        );
    };
    view! {
        <Dialog
            id="revoke-passkey"
            open
            width=DialogWidth::Narrow
            title=Signal::derive(move || format!("Revoke {}", name_of(passkey)))
            may_close=Signal::derive(move || !act.busy().get())
            on_submit=revoke
            on_close=move |()| passkey.set(None)
            footer=move || {
                view! {
                    <Button disabled=act.busy() on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Danger r#type="submit" busy=act.busy()>"Revoke passkey"</Button>
                }
            }
        >
            <div class="prose">
                <p>"It stops working at once, and sessions that were begun with it end. This cannot be undone."</p>
            </div>
            <Field
                label="Reason"
                name="revoke-reason"
                optional=true
                hint="Shown on the revoked passkey and in the audit log."
                value=reason
                error
                on_input=move |text| {
                    act.clear();
                    reason.set(text);
                }
            />
            {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        </Dialog>
    }
}
