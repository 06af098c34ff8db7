//! Settings → Branding: a draft with its preview, and publishing it.

use domain::branding::BrandingDesk;
use domain::permission::Permission;
use leptos::prelude::*;
use leptos_meta::Title;

use super::form::Form;
use super::preview::Preview;
use super::server::{branding_desk, discard_draft, publish};
use super::typing::Typing;
use crate::console::may;
use crate::remote::{Loaded, Remote, live_resource};
use crate::ui::{Banner, Button, ButtonKind, PageHeader, Time, Tone, use_toasts};

#[component]
pub fn BrandingPage() -> impl IntoView {
    let desk = live_resource(None, || (), |(), live| branding_desk(live));
    view! {
        <Title text="Branding" />
        <PageHeader
            title="Branding"
            subtitle=|| view! { <span>"In whose name people are invited and received."</span> }
        />
        <Loaded resource=desk let(shown)>
            <Desk shown desk />
        </Loaded>
    }
}

#[component]
fn Desk(shown: Signal<BrandingDesk>, desk: Remote<BrandingDesk>) -> impl IntoView {
    let typing = shown.with_untracked(Typing::begin);
    // Somebody else saved, and nothing is typed here that it would take away.
    Effect::new(move || {
        let now = shown.get();
        if !untrack(move || typing.is_changed()) {
            typing.begin_again(&now);
        }
    });
    Effect::new(move || typing.preview_soon(typing.typed.get()));
    view! {
        <div class="branding">
            <div class="stack">
                <State shown typing desk />
                <Form typing />
            </div>
            <Preview typing />
        </div>
    }
}

/// What is in force, what is a draft, and what can be done.
#[component]
fn State(shown: Signal<BrandingDesk>, typing: Typing, desk: Remote<BrandingDesk>) -> impl IntoView {
    let drafted = Memo::new(move |_| shown.with(|desk| desk.draft.is_some()));
    let toasts = use_toasts();
    let changes = may(Permission::BrandingUpdate);
    let act = typing.act;
    let publish_it = move |_| {
        let version = typing.version.get_untracked();
        act.run(
            move || publish(version),
            move |()| {
                toasts.show("Branding published");
                desk.refetch();
            },
        );
    };
    let discard = move |_| {
        let version = typing.version.get_untracked();
        act.run(
            move || discard_draft(version),
            move |()| {
                typing.base.set(typing.typed.get_untracked());
                desk.refetch();
            },
        );
    };
    let when = move || shown.with(|desk| desk.published_at.map(|at| (at.micros(), desk.published_by.clone())));
    view! {
        {move || {
            if drafted.get() {
                view! {
                    <Banner tone=Tone::Accent title="This is a draft: nothing of it is in force yet.">
                        {changes.then(|| view! {
                            <div class="cluster">
                                <Button
                                    kind=ButtonKind::Primary
                                    disabled=Signal::derive(move || act.busy().get() || typing.is_changed())
                                    on_click=publish_it
                                >
                                    "Publish"
                                </Button>
                                <Button disabled=act.busy() on_click=discard>"Discard draft"</Button>
                            </div>
                        })}
                    </Banner>
                }
                .into_any()
            } else {
                match when() {
                    Some((at, by)) => view! { <p class="muted">"In force since " <Time at=at /> ", published by " {by} "."</p> }.into_any(),
                    None => view! { <p class="muted">"Nothing was published yet: these are the words that Keyroll comes with."</p> }.into_any(),
                }
            }
        }}
    }
}
