//! The page of API tokens.

use domain::Timestamp;
use domain::permission::Permission;
use domain::token::{ApiToken, SCOPES, TokenDesk};
use leptos::prelude::*;
use leptos_meta::Title;

use super::client::ClientPanel;
use super::form::TokenDialog;
use super::server::{revoke_token, tokens};
use crate::console::may;
use crate::remote::{Act, Loaded, live_resource};
use crate::ui::{
    Button, ButtonKind, CodeBox, ColumnWidth, ConfirmDialog, DataTable, Each, EmptyState, Glyph, PageHeader, Panel, Row, Status,
    StatusChip, TableBody, TableHead, Td, Th, Time, use_toasts,
};

/// The realm's tokens, and the application's secret.
#[component]
pub fn TokensPage() -> impl IntoView {
    let desk = live_resource(None, || (), |(), live| tokens(live));
    let (making, ending) = (RwSignal::new(false), RwSignal::new(None::<ApiToken>));
    let create = move || {
        may(Permission::TokensCreate).then(|| {
            view! { <Button kind=ButtonKind::Primary icon=Glyph::Plus on_click=move |_| making.set(true)>"Create token"</Button> }
        })
    };
    view! {
        <Title text="API tokens" />
        <PageHeader
            title="API tokens"
            subtitle=|| view! { <span>"What programs call the " <a class="link" href="/docs/api" rel="external">"management API"</a> " with."</span> }
            actions=create
        />
        <Loaded resource=desk let(shown)>
            <div class="stack">
                <Found shown ending />
                <Panel title="Address">
                    <div class="stack-tight">
                        <p class="muted">"What the addresses of this realm’s management API begin with."</p>
                        <CodeBox text=Signal::derive(move || shown.with(|desk| desk.api.clone())) label="Copy address" />
                    </div>
                </Panel>
                <ClientPanel shown on_done=move |()| desk.refetch() />
            </div>
            <TokenDialog
                open=making
                may_everywhere=Memo::new(move |_| shown.with(|desk| desk.may_everywhere))
                on_done=move |()| desk.refetch()
            />
        </Loaded>
        <RevokeDialog token=ending on_done=move |()| desk.refetch() />
    }
}

#[component]
fn Found(shown: Signal<TokenDesk>, ending: RwSignal<Option<ApiToken>>) -> impl IntoView {
    let tokens = Memo::new(move |_| shown.with(|desk| desk.tokens.clone()));
    let none = Memo::new(move |_| tokens.with(Vec::is_empty));
    let now = Signal::derive(move || shown.with(|desk| desk.now));
    move || {
        if none.get() {
            return view! {
                <EmptyState icon=Glyph::Token title="No token yet" text="A program that adds people or invites them needs one." />
            }
            .into_any();
        }
        view! {
            <DataTable caption="API tokens">
                <TableHead>
                    <Th label="Token" />
                    <Th label="May" />
                    <Th label="Last used" width=ColumnWidth::Time />
                    <Th label="Ends" width=ColumnWidth::Time />
                    <Th><span class="sr-only">"Acts"</span></Th>
                </TableHead>
                <TableBody>
                    <Each items=tokens key=|token: &ApiToken| token.id let(token)>
                        <TokenRow token now ending />
                    </Each>
                </TableBody>
            </DataTable>
        }
        .into_any()
    }
}

#[component]
fn TokenRow(token: Signal<ApiToken>, now: Signal<Timestamp>, ending: RwSignal<Option<ApiToken>>) -> impl IntoView {
    let name = move || token.with(|token| token.name.clone());
    let revoke = may(Permission::TokensDelete).then(|| {
        let press = move |_| ending.set(Some(token.get_untracked()));
        view! { <Button kind=ButtonKind::Quiet on_click=press>"Revoke" <span class="sr-only">" " {name}</span></Button> }
    });
    let ended = Memo::new(move |_| token.with(|token| token.expires_at) <= now.get());
    view! {
        <Row>
            <Td main=true>
                <span>{name}</span>
                <span class="td__sub">{move || token.with(|token| format!("By {} · {}", token.created_by, place(token)))}</span>
            </Td>
            <Td label="May"><span class="td__sub">{move || token.with(scopes)}</span></Td>
            <Td label="Last used">{move || match token.with(|token| token.last_used_at) {
                None => view! { "Never" }.into_any(),
                Some(at) => view! { <Time at=at.micros() /> }.into_any(),
            }}</Td>
            <Td label="Ends">
                <Time at=Signal::derive(move || token.with(|token| token.expires_at.micros())) />
                {move || ended.get().then(|| view! { " " <StatusChip status=Status::Expired /> })}
            </Td>
            <Td control=true><span class="row-acts">{revoke}</span></Td>
        </Row>
    }
}

/// Where it works, and where it is taken from.
fn place(token: &ApiToken) -> String {
    let realms = if token.everywhere { "every realm" } else { "this realm" };
    if token.addresses.is_empty() { realms.to_owned() } else { format!("{realms}, from {}", token.addresses.join(", ")) }
}

fn scopes(token: &ApiToken) -> String {
    let names: Vec<_> = SCOPES.iter().filter(|scope| token.scopes.contains(scope.permission)).map(|scope| scope.name()).collect();
    if names.len() == SCOPES.len() { "Everything that a token can do".to_owned() } else { names.join(", ") }
}

/// Asks before a token ends.
#[component]
fn RevokeDialog(token: RwSignal<Option<ApiToken>>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let (open, act) = (RwSignal::new(false), Act::new());
    Effect::new(move || {
        if token.with(Option::is_some) {
            act.clear();
            open.set(true);
        }
    });
    Effect::new(move |before: Option<bool>| {
        let open = open.get();
        if before == Some(true) && !open {
            token.set(None);
        }
        open
    });
    let toasts = use_toasts();
    let confirm = move |()| {
        let Some(gone) = token.get_untracked() else { return };
        act.run(
            move || revoke_token(gone.id),
            move |()| {
                open.set(false);
                toasts.show("Token revoked");
                on_done.run(());
            },
        );
    };
    let title = move || token.with(|token| token.as_ref().map(|token| format!("Revoke {}", token.name)).unwrap_or_default());
    view! {
        <ConfirmDialog
            id="revoke-token"
            open
            title=Signal::derive(title)
            verb="Revoke token"
            danger=true
            busy=act.busy()
            error=act.words()
            on_confirm=confirm
        >
            <p>"Every program that uses it is refused from now on. This cannot be taken back."</p>
        </ConfirmDialog>
    }
}
