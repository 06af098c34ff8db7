//! What people will see, as it is typed.

use domain::branding::MailPreview;
use leptos::{html, prelude::*};

use super::dom;
use super::typing::Typing;
use crate::ui::Panel;

/// The two things that people see, each under its own address (`server/src/preview.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Mail,
    Enrollment,
}

impl Shown {
    const fn address(self) -> &'static str {
        match self {
            Self::Mail => "/settings/branding/mail",
            Self::Enrollment => "/settings/branding/enrollment",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Mail => "The invitation in a mail program",
            Self::Enrollment => "The enrollment page",
        }
    }
}

#[component]
pub fn Preview(typing: Typing) -> impl IntoView {
    // What could be rendered last stays while something is being typed that cannot.
    let words = Memo::new(move |before: Option<&Option<MailPreview>>| {
        typing.previewed.with(|seen| seen.as_ref().and_then(|seen| seen.as_ref().ok()).cloned()).or_else(|| before.cloned().flatten())
    });
    view! {
        <Panel title="Preview">
            <div class="stack">
                <p><strong>{move || words.get().map(|mail| mail.subject)}</strong></p>
                <Frame typing shown=Shown::Mail />
                <details>
                    <summary>"The mail as plain text"</summary>
                    <pre class="mail-text">{move || words.get().map(|mail| mail.text)}</pre>
                </details>
                <Frame typing shown=Shown::Enrollment />
            </div>
        </Panel>
    }
}

/// A page of its own, drawn anew whenever something that holds was typed.
#[component]
fn Frame(typing: Typing, shown: Shown) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    Effect::new(move || {
        let Some(branding) = typing.holds.get() else { return };
        if let (Some(place), Ok(json)) = (place.get(), serde_json::to_string(&branding)) {
            dom::draw(&place, shown.address(), &json, shown.title());
        }
    });
    view! {
        <figure class="preview">
            <figcaption class="muted">{shown.title()}</figcaption>
            <div class="preview__place" data-shown=if shown == Shown::Mail { "mail" } else { "page" } node_ref=place></div>
        </figure>
    }
}
