//! The realm's application: a program has tokens for its secret that last an hour.

use domain::permission::Permission;
use domain::token::{ApiClient, NewClientSecret, SCOPES, TokenDesk};
use leptos::prelude::*;

use super::form::{Scopes, ShownOnce};
use super::server::{create_client_secret, revoke_client_secret};
use crate::console::may;
use crate::remote::Act;
use crate::ui::{Banner, Button, ButtonKind, CodeBox, ConfirmDialog, Definition, DefinitionList, Dialog, Panel, Time, Tone, use_toasts};

/// What the application is, and its secret's making and end.
#[component]
pub(super) fn ClientPanel(shown: Signal<TokenDesk>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let (making, ending) = (RwSignal::new(false), RwSignal::new(false));
    let client = Memo::new(move |_| shown.with(|desk| desk.client.clone()));
    let address = Signal::derive(move || shown.with(|desk| format!("{}/applications/{}/token", desk.api, desk.client.id)));
    let id = Signal::derive(move || client.with(|client| client.id.to_string()));
    let has_secret = move || client.with(|client| client.secret.is_some());
    view! {
        <Panel title="Client credentials">
            <div class="stack">
                <p class="muted">
                    "A program that would rather not keep a long-lived token gets short ones with this application’s secret (OAuth 2.0, client credentials)."
                </p>
                <DefinitionList>
                    <Definition label="Client id"><CodeBox text=id label="Copy client id" /></Definition>
                    <Definition label="Token address"><CodeBox text=address label="Copy token address" /></Definition>
                    <Definition label="Secret">{move || client.with(secret)}</Definition>
                    <Definition label="May">{move || client.with(scopes)}</Definition>
                </DefinitionList>
                <span class="row-acts">
                    {may(Permission::TokensCreate).then(|| view! {
                        <Button on_click=move |_| making.set(true)>
                            {move || if has_secret() { "Replace the secret" } else { "Create a secret" }}
                        </Button>
                    })}
                    {move || (has_secret() && may(Permission::TokensDelete)).then(|| view! {
                        <Button kind=ButtonKind::Quiet on_click=move |_| ending.set(true)>"Withdraw the secret"</Button>
                    })}
                </span>
            </div>
        </Panel>
        <SecretDialog open=making replaces=Signal::derive(has_secret) on_done />
        <EndDialog open=ending on_done />
    }
}

fn secret(client: &ApiClient) -> AnyView {
    match &client.secret {
        None => view! { "There is none." }.into_any(),
        Some((at, by)) => view! { <span>"Made by " {by.clone()} " " <Time at=at.micros() /></span> }.into_any(),
    }
}

fn scopes(client: &ApiClient) -> String {
    let words: Vec<_> = SCOPES.iter().filter(|scope| client.scopes.contains(scope.permission)).map(|scope| scope.words).collect();
    if words.is_empty() { "Nothing".to_owned() } else { words.join("; ") }
}

#[component]
fn SecretDialog(
    open: RwSignal<bool>,
    /// Whether there is a secret, which ends.
    replaces: Signal<bool>,
    on_done: Callback<()>,
) -> impl IntoView {
    let act = Act::new();
    let chosen = RwSignal::new(Vec::new());
    let made = RwSignal::new(None::<NewClientSecret>);
    Effect::new(move || {
        if open.get() {
            act.clear();
            made.set(None);
            chosen.set(Vec::new());
        }
    });
    let save = move |()| {
        if made.with_untracked(Option::is_some) {
            return;
        }
        act.run(
            move || create_client_secret(chosen.get_untracked()),
            move |secret| {
                made.set(Some(secret));
                on_done.run(());
            },
        );
    };
    let shown = Memo::new(move |_| made.with(Option::is_some));
    let title = move || match (shown.get(), replaces.get()) {
        (true, _) => "The new secret".to_owned(),
        (false, true) => "Replace the client secret".to_owned(),
        (false, false) => "Create a client secret".to_owned(),
    };
    view! {
        <Dialog
            id="client-secret"
            open
            title=Signal::derive(title)
            may_close=Signal::derive(move || !act.busy().get() && !shown.get())
            on_submit=save
            footer=move || {
                move || {
                    if shown.get() {
                        view! { <Button kind=ButtonKind::Primary on_click=move |_| open.set(false)>"Done"</Button> }.into_any()
                    } else {
                        view! {
                            <Button disabled=act.busy() on_click=move |_| open.set(false)>"Cancel"</Button>
                            <Button kind=ButtonKind::Primary r#type="submit" busy=act.busy()>
                                {move || if replaces.get() { "Replace secret" } else { "Create secret" }}
                            </Button>
                        }
                        .into_any()
                    }
                }
            }
        >
            {move || match made.get() {
                Some(made) => view! { <ShownOnce secret=made.secret words="It goes with the client id, as HTTP Basic." /> }.into_any(),
                None => view! {
                    {move || replaces.get().then(|| view! {
                        <p>"Programs that use the present secret, and the tokens that they have, are refused at once."</p>
                    })}
                    <Scopes
                        chosen=chosen.into()
                        within_realm=true
                        error=act.field("scopes")
                        on_change=move |scopes| {
                            act.clear();
                            chosen.set(scopes);
                        }
                    />
                    {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
                }
                .into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn EndDialog(open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let act = Act::new();
    let toasts = use_toasts();
    let confirm = move |()| {
        act.run(revoke_client_secret, move |()| {
            open.set(false);
            toasts.show("Secret withdrawn");
            on_done.run(());
        });
    };
    view! {
        <ConfirmDialog
            id="end-client-secret"
            open
            title="Withdraw the secret"
            verb="Withdraw secret"
            danger=true
            busy=act.busy()
            error=act.words()
            on_confirm=confirm
        >
            <p>"Programs that use it, and the tokens that they have, are refused at once."</p>
        </ConfirmDialog>
    }
}
