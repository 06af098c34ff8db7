//! The rules: those in force, and the draft of the next.

use domain::permission::Permission;
use domain::policy::{PolicyDesk, Rule};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;

use super::Head;
use super::card::{Otherwise, RuleCard};
use super::draft::DraftRules;
use super::server::{policy_desk, save_draft};
use super::words::Names;
use crate::console::may;
use crate::remote::{Act, Loaded, Remote, live_resource};
use crate::ui::{Banner, Button, ButtonKind, Each, EmptyState, Glyph, Panel, Time, Tone};

/// The policy as it stands, and as it may be next.
#[component]
pub fn PolicyPage() -> impl IntoView {
    let desk = live_resource(None, || (), |(), live| policy_desk(live));
    view! {
        <Title text="Policy" />
        <Head />
        <Loaded resource=desk let(shown)>
            {
                let drafted = Memo::new(move |_| shown.with(|desk: &PolicyDesk| desk.draft.is_some()));
                move || {
                    if drafted.get() {
                        Either::Left(view! { <DraftRules desk shown /> })
                    } else {
                        Either::Right(view! { <PublishedRules desk shown /> })
                    }
                }
            }
        </Loaded>
    }
}

/// What is in force, and the way to change it.
#[component]
fn PublishedRules(desk: Remote<PolicyDesk>, shown: Signal<PolicyDesk>) -> impl IntoView {
    let act = Act::new();
    let rules = Memo::new(move |_| shown.with(|desk| desk.published.rules.clone()));
    let names = Memo::new(move |_| shown.with(|desk| desk.groups.clone()));
    let begin = move |_| {
        let rules = rules.get_untracked();
        act.run(move || save_draft(0, rules.clone()), move |_| desk.refetch());
    };
    let actions = move || {
        may(Permission::PolicyUpdate).then(|| {
            view! { <Button kind=ButtonKind::Primary icon=Glyph::Edit busy=act.busy() on_click=begin>"Edit rules"</Button> }
        })
    };
    view! {
        {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        <Panel title="In force" actions>
            <p class="muted">
                {move || shown.with(|desk| format!("Version {}, published by {}, ", desk.published.number, desk.published.published_by))}
                <Time at=Signal::derive(move || shown.with(|desk| desk.published.published_at.micros())) />
            </p>
            <Rules rules names />
        </Panel>
    }
}

/// Rules to be read.
#[component]
pub(super) fn Rules(#[prop(into)] rules: Signal<Vec<Rule>>, #[prop(into)] names: Signal<Names>) -> impl IntoView {
    let numbered = Memo::new(move |_| rules.with(|rules| rules.iter().cloned().enumerate().collect::<Vec<_>>()));
    let none = Memo::new(move |_| rules.with(Vec::is_empty));
    view! {
        {move || none.get().then(|| view! { <EmptyState icon=Glyph::Policy title="No rule" text="Without a rule nobody enters." /> })}
        <ol class="rules">
            <Each items=numbered key=|(position, _)| *position let(item)>
                <RuleCard
                    rule=Signal::derive(move || item.with(|(_, rule)| rule.clone()))
                    names
                    position=item.with_untracked(|(position, _)| *position)
                />
            </Each>
        </ol>
        <Otherwise />
    }
}
