//! A rule as a card.

use domain::policy::{Decision, Rule};
use leptos::prelude::*;

use super::words::{self, Names};
use crate::ui::{Chip, Glyph, Tone};

/// What a rule asks and decides.
#[component]
pub(super) fn RuleText(#[prop(into)] rule: Signal<Rule>, #[prop(into)] names: Signal<Names>) -> impl IntoView {
    let conditions = Memo::new(move |_| rule.with(|rule| names.with(|names| words::conditions(rule, names))));
    let listed = move || {
        let conditions = conditions.get();
        if conditions.is_empty() {
            return view! { <li><span class="rule__word">"For"</span><span>"everyone, every time"</span></li> }.into_any();
        }
        conditions
            .into_iter()
            .enumerate()
            .map(|(at, condition)| {
                let word = if at == 0 { "If" } else { "and" };
                view! {
                    <li>
                        <span class="rule__word">{word}</span>
                        <span>{condition.asked} " " <strong>{condition.answer}</strong></span>
                    </li>
                }
            })
            .collect_view()
            .into_any()
    };
    let allows = move || rule.with(|rule| rule.decision == Decision::Allow);
    let message = move || rule.with(|rule| rule.message.clone()).map(|message| view! { <p class="rule__message">"“" {message} "”"</p> });
    view! {
        <ul class="rule__conditions">{listed}</ul>
        <p class="rule__decision">
            <span class="rule__word">"then"</span>
            <Chip
                tone=Signal::derive(move || if allows() { Tone::Success } else { Tone::Danger })
                icon=Signal::derive(move || Some(if allows() { Glyph::Check } else { Glyph::Close }))
                label=Signal::derive(move || words::decision_label(rule.with(|rule| rule.decision)).to_owned())
            />
        </p>
        {message}
    }
}

/// A rule that is only shown, with its place among the others.
#[component]
pub(super) fn RuleCard(#[prop(into)] rule: Signal<Rule>, #[prop(into)] names: Signal<Names>, position: usize) -> impl IntoView {
    view! {
        <li class="rule">
            <span class="rule__number" aria-hidden="true">{position + 1}</span>
            <div class="rule__text"><RuleText rule names /></div>
        </li>
    }
}

/// Behind the last rule.
#[component]
pub(super) fn Otherwise() -> impl IntoView {
    view! {
        <p class="rule-otherwise">
            <span class="rule__word">"Otherwise"</span>
            <Chip tone=Tone::Danger icon=Some(Glyph::Close) label="Deny" />
        </p>
    }
}
