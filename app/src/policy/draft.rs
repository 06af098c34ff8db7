//! The draft: its rules are edited, put into another order, published or discarded. Every change is kept at once, for
//! whoever looks at it.

use domain::permission::Permission;
use domain::policy::{Decision, PolicyDesk, Rule};
use leptos::prelude::*;

use super::card::{Otherwise, RuleText};
use super::impact::PublishDialog;
use super::rule_form::{Edited, RuleDialog};
use super::server::{discard_draft, save_draft};
use super::words::{self, Names};
use crate::browser;
use crate::console::may;
use crate::remote::{Act, Remote};
use crate::ui::{Banner, Button, ButtonKind, ConfirmDialog, Each, EmptyState, Glyph, IconButton, Panel, Time, Tone, use_toasts};

/// What the draft's parts do to it.
#[derive(Clone, Copy)]
pub struct Desk {
    pub read: Remote<PolicyDesk>,
    pub shown: Signal<PolicyDesk>,
    pub act: Act,
    pub rules: Memo<Vec<Rule>>,
    pub names: Memo<Names>,
    /// Where the rule that is being dragged stands.
    dragged: RwSignal<Option<usize>>,
}

impl Desk {
    pub(super) fn version(self) -> i64 {
        self.shown.with_untracked(|desk| desk.draft.as_ref().map_or(0, |draft| draft.version))
    }

    /// Keeps the rules with this change; then focuses what the selector finds.
    pub(super) fn change(self, change: impl FnOnce(&mut Vec<Rule>), focus: String, done: impl FnOnce() + 'static) {
        let mut rules = self.rules.get_untracked();
        change(&mut rules);
        let version = self.version();
        self.act.run(
            move || save_draft(version, rules.clone()),
            move |_| {
                self.read.refetch();
                done();
                browser::focus_soon(focus);
            },
        );
    }

    fn move_rule(self, from: usize, to: usize, focus: String) {
        let last = self.rules.with_untracked(Vec::len).saturating_sub(1);
        if from != to && from <= last && to <= last {
            self.change(
                move |rules| {
                    let rule = rules.remove(from);
                    rules.insert(to, rule);
                },
                focus,
                || (),
            );
        }
    }
}

/// The draft's rules, and what can be done with them.
#[component]
pub(super) fn DraftRules(desk: Remote<PolicyDesk>, shown: Signal<PolicyDesk>) -> impl IntoView {
    let rules = Memo::new(move |_| shown.with(|desk| desk.draft.as_ref().map(|draft| draft.rules.clone()).unwrap_or_default()));
    let names = Memo::new(move |_| shown.with(|desk| desk.groups.clone()));
    let desk = Desk { read: desk, shown, act: Act::new(), rules, names, dragged: RwSignal::new(None) };
    let editing = RwSignal::new(None::<Edited>);
    let (publishing, discarding) = (RwSignal::new(false), RwSignal::new(false));
    let numbered = Memo::new(move |_| rules.with(|rules| rules.iter().cloned().enumerate().collect::<Vec<_>>()));
    let none = Memo::new(move |_| rules.with(Vec::is_empty));
    let who = move || shown.with(|desk| desk.draft.as_ref().map(|draft| draft.updated_by.clone()).unwrap_or_default());
    let when = Signal::derive(move || shown.with(|desk| desk.draft.as_ref().map_or(0, |draft| draft.updated_at.micros())));
    let allowed = may(Permission::PolicyUpdate);
    let actions = move || {
        allowed.then(|| {
            view! {
                <Button icon=Glyph::Trash on_click=move |_| discarding.set(true)>"Discard draft"</Button>
                <Button kind=ButtonKind::Primary icon=Glyph::Send on_click=move |_| publishing.set(true)>"Publish"</Button>
            }
        })
    };
    view! {
        <Banner tone=Tone::Accent title="This is a draft: nothing of it is in force yet.">
            <p>{move || format!("Last changed by {}, ", who())} <Time at=when /></p>
        </Banner>
        {move || desk.act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        <Panel title="Draft" actions>
            {move || none.get().then(|| view! { <EmptyState icon=Glyph::Policy title="No rule" text="Without a rule nobody enters." /> })}
            <ol class="rules">
                <Each items=numbered key=|(position, _)| *position let(item)>
                    <DraftCard
                        rule=Signal::derive(move || item.with(|(_, rule)| rule.clone()))
                        position=item.with_untracked(|(position, _)| *position)
                        desk
                        editing
                    />
                </Each>
            </ol>
            {allowed
                .then(|| {
                    view! {
                        <Button
                            id="add-rule"
                            icon=Glyph::Plus
                            on_click=move |_| editing.set(Some(Edited { position: None, rule: Rule::new(Decision::Allow) }))
                        >
                            "Add rule"
                        </Button>
                    }
                })}
            <Otherwise />
        </Panel>
        <RuleDialog editing desk />
        <PublishDialog open=publishing desk />
        <DiscardDialog open=discarding desk />
    }
}

/// The button that moves the rule at this place on, or at the end of the way the one that moves it back.
fn handle(position: usize, way: &str) -> String {
    format!("#rule-{position} [data-move={way}] button:enabled, #rule-{position} .rule__actions button:enabled")
}

/// A rule of the draft with its handles: dragged with the pointer, moved with the buttons.
#[component]
fn DraftCard(rule: Signal<Rule>, position: usize, desk: Desk, editing: RwSignal<Option<Edited>>) -> impl IntoView {
    let last = Signal::derive(move || desk.rules.with(|rules| position + 1 >= rules.len()));
    let busy = desk.act.busy();
    let name = Signal::derive(move || format!("Rule {}", position + 1));
    let sentence = move || rule.with(|rule| desk.names.with(|names| words::sentence(rule, names)));
    let up = move |_| desk.move_rule(position, position.wrapping_sub(1), handle(position.wrapping_sub(1), "up"));
    let down = move |_| desk.move_rule(position, position + 1, handle(position + 1, "down"));
    let remove = move |_| desk.change(move |rules| drop(rules.remove(position)), "#add-rule".to_owned(), || ());
    let buttons = may(Permission::PolicyUpdate).then(|| {
        view! {
            <div class="rule__actions">
                <span data-move="up">
                    <IconButton
                        label=Signal::derive(move || format!("Move up: {}", name.get()))
                        icon=Glyph::ArrowUp
                        disabled=Signal::derive(move || position == 0 || busy.get())
                        on_click=up
                    />
                </span>
                <span data-move="down">
                    <IconButton
                        label=Signal::derive(move || format!("Move down: {}", name.get()))
                        icon=Glyph::ArrowDown
                        disabled=Signal::derive(move || last.get() || busy.get())
                        on_click=down
                    />
                </span>
                <IconButton
                    label=Signal::derive(move || format!("Edit: {}", name.get()))
                    icon=Glyph::Edit
                    on_click=move |_| editing.set(Some(Edited { position: Some(position), rule: rule.get_untracked() }))
                />
                <IconButton
                    label=Signal::derive(move || format!("Remove: {}", name.get()))
                    icon=Glyph::Trash
                    disabled=busy
                    on_click=remove
                />
            </div>
        }
    });
    let drop_here = move || {
        if let Some(from) = desk.dragged.get_untracked() {
            desk.dragged.set(None);
            desk.move_rule(from, position, format!("#rule-{position} button:enabled"));
        }
    };
    view! {
        <li
            class="rule"
            id=format!("rule-{position}")
            aria-label=sentence
            draggable=may(Permission::PolicyUpdate).then_some("true")
            data-dragged=move || (desk.dragged.get() == Some(position)).then_some("")
            on:dragstart=move |_| desk.dragged.set(Some(position))
            on:dragend=move |_| desk.dragged.set(None)
            on:dragover=move |event| event.prevent_default()
            on:drop=move |event| {
                event.prevent_default();
                drop_here();
            }
        >
            <span class="rule__number" aria-hidden="true">{position + 1}</span>
            <div class="rule__text"><RuleText rule names=desk.names /></div>
            {buttons}
        </li>
    }
}

#[component]
fn DiscardDialog(open: RwSignal<bool>, desk: Desk) -> impl IntoView {
    let act = Act::new();
    let toasts = use_toasts();
    let discard = move |()| {
        let version = desk.version();
        act.run(
            move || discard_draft(version),
            move |()| {
                open.set(false);
                toasts.show("Draft discarded");
                desk.read.refetch();
                browser::focus_soon("#main".to_owned());
            },
        );
    };
    view! {
        <ConfirmDialog
            id="discard-draft"
            open
            title="Discard the draft"
            verb="Discard draft"
            danger=true
            busy=act.busy()
            error=act.words()
            on_confirm=discard
        >
            <p>"The rules in force stay as they are. What was changed in the draft is gone for everyone who works on it."</p>
        </ConfirmDialog>
    }
}
