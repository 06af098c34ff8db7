//! Published versions: who published what and when, compared with what is in force, and restored.

use domain::permission::Permission;
use domain::policy::{PolicyDesk, Version, VersionPage, compare};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};

use super::Head;
use super::impact::{Differences, owned};
use super::page::Rules;
use super::server::{policy_desk, policy_versions, restore};
use crate::address::pairs;
use crate::console::may;
use crate::error::AppError;
use crate::remote::{Act, Loaded, live_resource};
use crate::ui::{Banner, Button, ButtonKind, Chip, ConfirmDialog, Each, LinkButton, RecordCard, Time, Tone, use_toasts};

type Shown = (PolicyDesk, VersionPage);

async fn read(before: Option<i64>, live: bool) -> Result<Shown, AppError> {
    Ok((policy_desk(live).await?, policy_versions(before, live).await?))
}

/// Every version, the newest first.
#[component]
pub fn VersionsPage() -> impl IntoView {
    let url = use_url();
    let before = Memo::new(move |_| {
        url.with(|url| pairs(url.search()).find(|(name, _)| name == "before").and_then(|(_, number)| number.parse::<i64>().ok()))
    });
    let page = live_resource(None, move || before.get(), read);
    let restoring = RwSignal::new(None::<i64>);
    view! {
        <Title text="Policy versions" />
        <Head />
        <Loaded resource=page let(shown)>
            {
                let versions = Memo::new(move |_| shown.with(|(_, page): &Shown| page.versions.clone()));
                let next = move || shown.with(|(_, page)| page.next);
                view! {
                    <section class="records" aria-label="Versions">
                        <Each items=versions key=|version: &Version| version.number let(version)>
                            <VersionCard version shown restoring />
                        </Each>
                    </section>
                    <div class="older">
                        {move || before.get().map(|_| view! { <LinkButton href="/policy/versions">"Newest versions"</LinkButton> })}
                        {move || {
                            next().map(|next| view! { <LinkButton href=format!("/policy/versions?before={next}")>"Older versions"</LinkButton> })
                        }}
                    </div>
                    <RestoreDialog restoring shown />
                }
            }
        </Loaded>
    }
}

#[component]
fn VersionCard(version: Signal<Version>, shown: Signal<Shown>, restoring: RwSignal<Option<i64>>) -> impl IntoView {
    let number = version.with_untracked(|version| version.number);
    let in_force = Memo::new(move |_| shown.with(|(desk, _)| desk.published.number == number));
    let names = Memo::new(move |_| {
        shown.with(|(desk, page)| page.groups.iter().chain(&desk.groups).map(|(id, name)| (*id, name.clone())).collect())
    });
    let rules = Memo::new(move |_| version.with(|version| version.rules.clone()));
    let lines = Signal::derive(move || shown.with(|(desk, _)| owned(&compare(&rules.get(), &desk.published.rules))));
    let lead = move || {
        view! {
            <strong>{format!("Version {number}")}</strong>
            {move || in_force.get().then(|| view! { <Chip tone=Tone::Success label="In force" /> })}
        }
    };
    let aside = move || view! { <Time at=Signal::derive(move || version.with(|version| version.published_at.micros())) /> };
    let restorable = move || may(Permission::PolicyUpdate) && !in_force.get();
    let button = move || view! { <Button kind=ButtonKind::Quiet on_click=move |_| restoring.set(Some(number))>"Restore"</Button> };
    let actions = move || view! { {move || restorable().then(button)} };
    let details = move || {
        view! {
            <div>
            {move || {
                (!in_force.get())
                    .then(|| {
                        view! {
                            <h2 class="records__title">"What has changed since then"</h2>
                            <Differences lines names />
                        }
                    })
            }}
            <h2 class="records__title">"Its rules"</h2>
            <Rules rules names />
            </div>
        }
    };
    view! {
        <RecordCard id=format!("version-{number}") name=format!("version {number}") lead aside actions details>
            <p class="muted">
                {move || version.with(|version| format!("{} by {}", counted(version.rules.len()), version.published_by))}
            </p>
        </RecordCard>
    }
}

fn counted(rules: usize) -> String {
    if rules == 1 { "1 rule".to_owned() } else { format!("{rules} rules") }
}

#[component]
fn RestoreDialog(restoring: RwSignal<Option<i64>>, shown: Signal<Shown>) -> impl IntoView {
    let open = RwSignal::new(false);
    let act = Act::new();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    Effect::new(move || {
        if restoring.get().is_some() {
            act.clear();
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            restoring.set(None);
        }
    });
    let title = move || restoring.get().map_or_else(String::new, |number| format!("Restore version {number}"));
    let drafted = move || shown.with(|(desk, _)| desk.draft.is_some());
    let confirm = move |()| {
        let Some(number) = restoring.get_untracked() else { return };
        let version = shown.with_untracked(|(desk, _)| desk.draft.as_ref().map_or(0, |draft| draft.version));
        let navigate = navigate.clone();
        act.run(
            move || restore(number, version),
            move |_| {
                open.set(false);
                toasts.show(format!("The draft has the rules of version {number}"));
                navigate("/policy", NavigateOptions::default());
            },
        );
    };
    view! {
        <ConfirmDialog
            id="restore-version"
            open
            title=Signal::derive(title)
            verb="Make it the draft"
            busy=act.busy()
            error=act.words()
            on_confirm=confirm
        >
            <p>"Its rules become the draft. They are in force only once the draft is published."</p>
            {move || {
                drafted().then(|| view! { <Banner tone=Tone::Warning title="There is a draft already, which this replaces." /> })
            }}
        </ConfirmDialog>
    }
}
