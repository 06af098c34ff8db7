//! The simulator: what the policy would say to one person, and why.

use domain::IdentityId;
use domain::listing::ListRequest;
use domain::policy::{Answer, Application, Explanation, Which};
use domain::record::{Identity, IdentityRow};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};

use super::Head;
use super::server::simulate;
use super::words;
use crate::address::{escaped, pairs};
use crate::error::AppError;
use crate::identities::server::{identity, list_identities};
use crate::remote::{Loaded, live_resource};
use crate::ui::{Avatar, Chip, Choice, EmptyState, Glyph, Panel, SearchField, Select, Tone};

/// As many people as a search offers.
const OFFERED: usize = 8;

/// What the address asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Question {
    search: String,
    person: Option<IdentityId>,
    which: Which,
}

impl Question {
    fn parse(query: &str) -> Self {
        let mut question = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "q" => question.search = value,
                "person" => question.person = value.parse().ok(),
                "rules" if value == "draft" => question.which = Which::Draft,
                _ => {}
            }
        }
        question
    }

    fn href(&self) -> String {
        let mut parts = Vec::new();
        if !self.search.is_empty() {
            parts.push(format!("q={}", escaped(&self.search)));
        }
        if let Some(person) = self.person {
            parts.push(format!("person={person}"));
        }
        if self.which == Which::Draft {
            parts.push("rules=draft".to_owned());
        }
        if parts.is_empty() { "/policy/simulator".to_owned() } else { format!("/policy/simulator?{}", parts.join("&")) }
    }
}

async fn found(search: String) -> Result<Vec<IdentityRow>, AppError> {
    if search.trim().is_empty() {
        return Ok(Vec::new());
    }
    let request = ListRequest { search, ..ListRequest::default() };
    let mut rows = list_identities(request, false).await?.rows;
    rows.truncate(OFFERED);
    Ok(rows)
}

/// Who is asked about, with the answers.
type Asked = Option<(Identity, Vec<Answer>)>;

async fn asked(question: Question, live: bool) -> Result<Asked, AppError> {
    let Some(person) = question.person else { return Ok(None) };
    let answers = simulate(person, Application::Console, question.which).await?;
    Ok(Some((identity(person, live).await?, answers)))
}

/// Chooses a person and shows what the door would say.
#[component]
pub fn SimulatorPage() -> impl IntoView {
    let url = use_url();
    let question = Memo::new(move |_| url.with(|url| Question::parse(url.search())));
    let people = Resource::new_blocking(move || question.with(|question| question.search.clone()), found);
    let answers = live_resource(None, move || question.get(), asked);
    view! {
        <Title text="Policy simulator" />
        <Head />
        <Chooser question />
        <Transition>
            {move || people.get().and_then(Result::ok).filter(|people| !people.is_empty()).map(|people| view! { <People people question /> })}
        </Transition>
        <Loaded resource=answers let(shown)>
            <Shown shown />
        </Loaded>
    }
}

#[component]
fn Chooser(question: Memo<Question>) -> impl IntoView {
    let typed = RwSignal::new(question.with_untracked(|question| question.search.clone()));
    let navigate = use_navigate();
    let go = Callback::new(move |question: Question| {
        navigate(&question.href(), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let search = move |text: String| {
        typed.set(text.clone());
        go.run(Question { search: text, ..question.get_untracked() });
    };
    let choices = vec![Choice::new("published", "The rules in force"), Choice::new("draft", "The draft")];
    view! {
        <div class="narrowing">
            <SearchField label="Search people" placeholder="Name, username or e-mail" value=typed on_input=search />
            <Select
                label="Rules"
                name="rules"
                options=Signal::stored(choices)
                value=Signal::derive(move || if question.get().which == Which::Draft { "draft" } else { "published" }.to_owned())
                on_change=move |text: String| {
                    let which = if text == "draft" { Which::Draft } else { Which::Published };
                    go.run(Question { which, ..question.get_untracked() });
                }
            />
        </div>
    }
}

#[component]
fn People(people: Vec<IdentityRow>, question: Memo<Question>) -> impl IntoView {
    let links = people.into_iter().map(|row| {
        let href = Signal::derive(move || question.with(|question| Question { person: Some(row.id), ..question.clone() }.href()));
        view! {
            <li>
                <a class="person-link" href=move || href.get() aria-current=move || (question.get().person == Some(row.id)).then_some("true")>
                    <Avatar name=row.display_name.clone() />
                    <span>{row.display_name}</span>
                    <span class="muted">{row.username}</span>
                </a>
            </li>
        }
    });
    view! { <ul class="people" aria-label="People found">{links.collect_view()}</ul> }
}

#[component]
fn Shown(shown: Signal<Asked>) -> impl IntoView {
    move || match shown.get() {
        None => Either::Left(view! {
            <EmptyState
                icon=Glyph::Policy
                title="Choose a person"
                text="Search for somebody to see whether they may enter the Keyroll console, and which rule says so."
            />
        }),
        Some((person, answers)) => {
            let title = format!("{} at the door of the Keyroll console", person.display_name);
            Either::Right(view! {
                <Panel title>{answers.into_iter().map(|answer| view! { <AnswerCard answer /> }).collect_view()}</Panel>
            })
        }
    }
}

#[component]
fn AnswerCard(answer: Answer) -> impl IntoView {
    let Answer { passkey, explanation: Explanation { outcome, skipped }, message } = answer;
    let with = passkey.map_or_else(|| "Without a passkey".to_owned(), |name| format!("With {name}"));
    let label = with.clone();
    let (verdict, why) = words::outcome(outcome);
    let tone = if outcome.is_allowed() { Tone::Success } else { Tone::Danger };
    let icon = if outcome.is_allowed() { Glyph::Check } else { Glyph::Close };
    let steps = skipped.into_iter().enumerate().map(|(position, reasons)| {
        let reasons: Vec<_> = reasons.into_iter().map(words::mismatch).collect();
        view! { <li>{format!("Rule {} does not match: {}.", position + 1, reasons.join(", and "))}</li> }
    });
    view! {
        <article class="answer" aria-label=label>
            <h3 class="answer__title">{with} <Chip tone icon=Some(icon) label=verdict /></h3>
            <ol class="answer__steps">
                {steps.collect_view()}
                <li><strong>{why}</strong></li>
            </ol>
            {message.map(|message| view! { <p class="rule__message">"They read: “" {message} "”"</p> })}
        </article>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_the_question() {
        let question = Question { search: "zoë & co".into(), person: Some(IdentityId::from_i64(7)), which: Which::Draft };
        assert_eq!(question.href(), "/policy/simulator?q=zo%C3%AB%20%26%20co&person=0000000000000007&rules=draft");
        assert_eq!(Question::parse(question.href().split_once('?').unwrap().1), question);
        assert_eq!(Question::parse("person=x&rules=all&z=1"), Question::default());
        assert_eq!(Question::default().href(), "/policy/simulator");
    }
}
