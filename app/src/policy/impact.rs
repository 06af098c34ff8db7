//! Publishing: what changes, for whom, and the button.

use domain::policy::{Affected, Application, Impact, Line, compare};
use leptos::prelude::*;

use super::card::RuleText;
use super::draft::Desk;
use super::server::{impact, publish};
use super::words::Names;
use crate::browser;
use crate::remote::Act;
use crate::ui::{Banner, Button, ButtonKind, Dialog, Spinner, Tone, grouped, use_toasts};

/// Shows what publishing would do, and does it.
#[component]
pub(super) fn PublishDialog(open: RwSignal<bool>, desk: Desk) -> impl IntoView {
    let (asking, publishing) = (Act::new(), Act::new());
    let known = RwSignal::new(None::<Impact>);
    Effect::new(move || {
        if open.get() {
            publishing.clear();
            known.set(None);
            asking.run(|| impact(Application::Console), move |impact| known.set(Some(impact)));
        }
    });
    let toasts = use_toasts();
    let confirm = move |()| {
        let version = desk.version();
        publishing.run(
            move || publish(version),
            move |published| {
                open.set(false);
                toasts.show(format!("Version {} is in force", published.number));
                desk.read.refetch();
                browser::focus_soon("#main".to_owned());
            },
        );
    };
    view! {
        <Dialog
            id="publish"
            open
            title="Publish the draft"
            may_close=Signal::derive(move || !publishing.busy().get())
            on_submit=confirm
            footer=move || {
                view! {
                    <Button disabled=publishing.busy() on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary r#type="submit" busy=publishing.busy()>"Publish"</Button>
                }
            }
        >
            <p>"It is in force at once. Whoever it no longer lets in is signed out."</p>
            {move || match known.get() {
                Some(impact) => view! { <Effects impact /> }.into_any(),
                None => asking.busy().get().then(|| view! { <Spinner label="Counting who gains and who loses access" /> }).into_any(),
            }}
            {move || asking.words().get().map(|words| view! { <Banner tone=Tone::Warning title=words /> })}
            <Differences
                lines=Signal::derive(move || {
                    desk.shown.with(|shown| owned(&compare(&shown.published.rules, shown.draft.as_ref().map_or(&[], |draft| &draft.rules))))
                })
                names=desk.names
            />
            {move || publishing.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        </Dialog>
    }
}

/// Who gains and who loses.
#[component]
fn Effects(impact: Impact) -> impl IntoView {
    let Impact { gain, lose, gaining, losing } = impact;
    view! {
        <div class="impact">
            <Side count=gain verb="gain" people=gaining />
            <Side count=lose verb="lose" people=losing />
        </div>
    }
}

#[component]
fn Side(count: u64, verb: &'static str, people: Vec<Affected>) -> impl IntoView {
    let title = match count {
        0 => format!("Nobody would {verb} access"),
        1 => format!("1 person would {verb} access"),
        count => format!("{} people would {verb} access", grouped(count)),
    };
    let more = count.saturating_sub(people.len() as u64);
    let named = people.into_iter().map(|person| {
        view! { <li><a href=format!("/identities/{}", person.id)>{person.display_name}</a> " " <span class="muted">{person.username}</span></li> }
    });
    view! {
        <section class="impact__side" data-loss=(verb == "lose" && count > 0).then_some("")>
            <h3 class="impact__title">{title}</h3>
            <ul class="impact__people">{named.collect_view()}</ul>
            {(more > 0).then(|| view! { <p class="muted">{format!("and {} more", grouped(more))}</p> })}
        </section>
    }
}

/// A line of a comparison that owns its rule.
#[derive(Clone, PartialEq)]
pub struct Compared {
    mark: &'static str,
    rule: domain::policy::Rule,
}

pub(super) fn owned(lines: &[Line<'_>]) -> Vec<Compared> {
    let of = |line: &Line<'_>| match line {
        Line::Kept(rule) => Compared { mark: "kept", rule: (*rule).clone() },
        Line::Left(rule) => Compared { mark: "left", rule: (*rule).clone() },
        Line::Entered(rule) => Compared { mark: "entered", rule: (*rule).clone() },
    };
    lines.iter().map(of).collect()
}

/// Two policies, rule by rule.
#[component]
pub(super) fn Differences(lines: Signal<Vec<Compared>>, #[prop(into)] names: Signal<Names>) -> impl IntoView {
    move || {
        let lines = lines.get();
        if lines.iter().all(|line| line.mark == "kept") {
            return view! { <p class="muted">"The rules are the same."</p> }.into_any();
        }
        let lines = lines.into_iter().map(|Compared { mark, rule }| {
            let said = match mark {
                "left" => "Removed",
                "entered" => "Added",
                _ => "Unchanged",
            };
            view! {
                <li class="rule" data-change=mark>
                    <span class="rule__change">{said}</span>
                    <div class="rule__text"><RuleText rule=Signal::stored(rule) names /></div>
                </li>
            }
        });
        view! { <ol class="rules">{lines.collect_view()}</ol> }.into_any()
    }
}
