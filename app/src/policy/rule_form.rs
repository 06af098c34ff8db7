//! The form of one rule.

use domain::GroupId;
use domain::identity::Status;
use domain::policy::{Application, Decision, PasskeyKind, Rule};
use leptos::prelude::*;

use super::draft::Desk;
use super::words;
use crate::groups::server::groups;
use crate::remote::Act;
use crate::ui::{Banner, Button, ButtonKind, Checkbox, Choice, Dialog, Select, TextArea, Tone};

/// A rule that is being written: a new one, or the one at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub position: Option<usize>,
    pub rule: Rule,
}

/// A group or an authenticator that can be chosen.
type Offered<T> = Vec<(T, String)>;

/// Asks for everything that a rule has.
#[component]
pub(super) fn RuleDialog(editing: RwSignal<Option<Edited>>, desk: Desk) -> impl IntoView {
    let open = RwSignal::new(false);
    let rule = RwSignal::new(Rule::new(Decision::Allow));
    let offered = RwSignal::new(Offered::<GroupId>::new());
    let loading = Act::new();
    Effect::new(move || {
        if let Some(edited) = editing.get() {
            rule.set(edited.rule);
            desk.act.clear();
            open.set(true);
            loading.run(groups, move |groups| offered.set(groups.into_iter().map(|group| (group.id, group.display_name)).collect()));
        }
    });
    let position = move || editing.with(|edited| edited.as_ref().and_then(|edited| edited.position));
    let title = move || position().map_or_else(|| "Add a rule".to_owned(), |position| format!("Edit rule {}", position + 1));
    let keep = move |()| {
        let (typed, at) = (rule.get_untracked(), untrack(position));
        let place = at.unwrap_or_else(|| desk.rules.with_untracked(Vec::len));
        let change = move |rules: &mut Vec<Rule>| match at {
            Some(at) if at < rules.len() => rules[at] = typed,
            _ => rules.push(typed),
        };
        desk.change(change, format!("#rule-{place} .rule__actions button:enabled"), move || open.set(false));
    };
    view! {
        <Dialog
            id="rule"
            open
            title=Signal::derive(title)
            may_close=Signal::derive(move || !desk.act.busy().get())
            on_submit=keep
            on_close=move |()| editing.set(None)
            footer=move || {
                view! {
                    <Button disabled=desk.act.busy() on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary r#type="submit" busy=desk.act.busy()>"Keep in draft"</Button>
                }
            }
        >
            <Conditions rule offered desk />
            <Verdict rule />
            {move || loading.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
            {move || desk.act.error().get().map(|error| view! { <Banner tone=Tone::Danger title=whole(&error) /> })}
        </Dialog>
    }
}

/// What is wrong with the rule, or with the draft as a whole.
fn whole(error: &crate::error::AppError) -> String {
    error.fields.first().map_or_else(|| error.words.clone(), |field| field.message.clone())
}

#[component]
fn Conditions(rule: RwSignal<Rule>, offered: RwSignal<Offered<GroupId>>, desk: Desk) -> impl IntoView {
    let applications = any("Any application", Application::ALL.iter().map(|application| (application.as_str(), application.label())));
    let statuses = any("Any status", Status::ALL.iter().map(|status| (status.as_str(), words::status_label(*status))));
    let kinds = any("Any passkey", PasskeyKind::ALL.iter().map(|kind| (kind.as_str(), words::kind_label(*kind))));
    let authenticators = Signal::derive(move || {
        let mut names = desk.shown.with(|desk| desk.authenticators.clone());
        rule.with(|rule| names.extend(rule.authenticators.iter().cloned()));
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| (name.clone(), name)).collect::<Offered<String>>()
    });
    view! {
        <Select
            label="Application"
            name="application"
            options=applications
            value=Signal::derive(move || rule.with(|rule| rule.application.map_or("", Application::as_str).to_owned()))
            on_change=move |text: String| rule.update(|rule| rule.application = Application::read(&text))
        />
        <Several
            legend="The person is in one of these groups"
            none="Nothing chosen: everyone."
            offered
            chosen=Signal::derive(move || rule.with(|rule| rule.groups.clone()))
            toggle=move |(group, on)| rule.update(|rule| toggle(&mut rule.groups, group, on))
        />
        <div class="grid-2">
            <Select
                label="Identity status"
                name="status"
                options=statuses
                value=Signal::derive(move || rule.with(|rule| rule.status.map_or("", Status::as_str).to_owned()))
                on_change=move |text: String| rule.update(|rule| rule.status = Status::read(&text))
            />
            <Select
                label="Passkey"
                name="passkey"
                options=kinds
                value=Signal::derive(move || rule.with(|rule| rule.passkey.map_or("", PasskeyKind::as_str).to_owned()))
                on_change=move |text: String| rule.update(|rule| rule.passkey = PasskeyKind::read(&text))
            />
        </div>
        <Several
            legend="The passkey is kept in one of these"
            none="Nothing chosen: anywhere."
            offered=authenticators
            chosen=Signal::derive(move || rule.with(|rule| rule.authenticators.clone()))
            toggle=move |(name, on)| rule.update(|rule| toggle(&mut rule.authenticators, name, on))
        />
    }
}

#[component]
fn Verdict(rule: RwSignal<Rule>) -> impl IntoView {
    let decisions =
        Decision::ALL.iter().map(|decision| Choice::new(decision.as_str(), words::decision_label(*decision))).collect::<Vec<_>>();
    let denies = Memo::new(move |_| rule.with(|rule| rule.decision == Decision::Deny));
    view! {
        <Select
            label="Then"
            name="decision"
            options=Signal::stored(decisions)
            value=Signal::derive(move || rule.with(|rule| rule.decision.as_str().to_owned()))
            on_change=move |text: String| rule.update(|rule| rule.decision = Decision::read(&text).unwrap_or(Decision::Deny))
        />
        {move || {
            denies
                .get()
                .then(|| {
                    view! {
                        <TextArea
                            label="Message"
                            name="message"
                            optional=true
                            rows=2
                            hint="What the person reads when this rule denies. Say whom to ask."
                            value=Signal::derive(move || rule.with(|rule| rule.message.clone().unwrap_or_default()))
                            on_input=move |text: String| rule.update(|rule| rule.message = Some(text))
                        />
                    }
                })
        }}
    }
}

/// Check boxes, of which any number may be chosen.
#[component]
fn Several<T>(
    legend: &'static str,
    none: &'static str,
    #[prop(into)] offered: Signal<Offered<T>>,
    chosen: Signal<Vec<T>>,
    #[prop(into)] toggle: Callback<(T, bool)>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let boxes = move || {
        let boxes = offered.get().into_iter().enumerate().map(|(at, (value, label))| {
            let (here, there) = (value.clone(), value);
            view! {
                <Checkbox
                    label
                    name=format!("{}-{at}", legend.to_lowercase().replace(' ', "-"))
                    checked=Signal::derive(move || chosen.with(|chosen| chosen.contains(&here)))
                    on_change=move |on| toggle.run((there.clone(), on))
                />
            }
        });
        boxes.collect_view()
    };
    let some = Memo::new(move |_| offered.with(|offered| !offered.is_empty()));
    let hint = move || chosen.with(Vec::is_empty).then(|| view! { <p class="muted">{none}</p> });
    move || {
        some.get().then(|| {
            view! {
                <fieldset class="form__section">
                    <legend class="form__legend">{legend}</legend>
                    <div class="form__choices">{boxes}</div>
                    {hint}
                </fieldset>
            }
        })
    }
}

fn toggle<T: PartialEq>(chosen: &mut Vec<T>, value: T, on: bool) {
    chosen.retain(|other| *other != value);
    if on {
        chosen.push(value);
    }
}

/// Choices behind one that leaves the condition out.
fn any<'a>(label: &str, all: impl Iterator<Item = (&'a str, &'a str)>) -> Signal<Vec<Choice>> {
    Signal::stored([Choice::new("", label)].into_iter().chain(all.map(|(value, label)| Choice::new(value, label))).collect())
}
