//! The two pages that are not the console: where a person gets a passkey, and where they sign in with it.

use domain::branding::Appearance;

use super::icon::{Glyph, Icon, Mark};
use leptos::prelude::*;

/// Where an enrollment stands. Every phase has the same place and shape, so that nothing moves but the words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EnrollmentPhase {
    #[default]
    Ready,
    /// The browser is asking.
    Working,
    Done,
    /// It did not work; the words say why.
    Failed,
    /// The link itself is no good: expired, used, revoked, unknown.
    Closed,
}

impl EnrollmentPhase {
    const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Working => "working",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Closed => "closed",
        }
    }
}

/// In whose name the page is: the pictures on light and on dark ground, or Keyroll's mark, and the organization's name. Its
/// colors come as a style sheet, because a page may not bring any of its own.
#[component]
pub fn Brand(appearance: Appearance) -> impl IntoView {
    let Appearance { organization, logo, logo_dark, colors, .. } = appearance;
    let given = |address: String| (!address.is_empty()).then_some(address);
    let plain = logo.is_empty() && logo_dark.is_empty();
    view! {
        <link rel="stylesheet" href=given(colors) />
        <div class="doorway__organization" data-plain=plain.then_some("")>
            <Mark />
            <img class="doorway__logo" data-for="light" src=given(logo) alt="" hidden=plain />
            <img class="doorway__logo" data-for="dark" src=given(logo_dark) alt="" hidden=plain />
            <span>{organization}</span>
        </div>
    }
}

/// The round drawing that says how it stands: each phase shows its own, and the check draws itself once.
#[component]
fn Emblem(phase: Signal<EnrollmentPhase>) -> impl IntoView {
    view! {
        <div class="emblem" data-phase=Signal::derive(move || phase.get().name().to_owned()) aria-hidden="true">
            <span class="emblem__drawing" data-for="ready"><Icon name=Glyph::Passkey /></span>
            <span class="emblem__drawing" data-for="failed"><Icon name=Glyph::Warning /></span>
            <span class="emblem__drawing" data-for="closed"><Icon name=Glyph::Clock /></span>
            <svg class="emblem__drawing emblem__check" data-for="done" viewBox="0 0 32 32" width="40" height="40" focusable="false">
                <path d="M8 16.5l5.5 5.5L24.5 11" pathLength="1"></path>
            </svg>
        </div>
    }
}

/// The enrollment page: who asks, one sentence, and below it what the page brings: the passkey's name, one large button,
/// what is worth knowing in small.
///
/// Without any type-erased content, unlike the rest of the design system: the enrollment page is counted in bytes.
#[component]
pub fn EnrollmentCard<Content: IntoView + 'static>(
    /// A [`Brand`] as HTML. Only the server writes it: where the page is taken over, it is there already.
    brand: String,
    phase: Signal<EnrollmentPhase>,
    heading: Signal<String>,
    /// The sentence under the heading; each phase has its own.
    text: Signal<String>,
    children: TypedChildren<Content>,
) -> impl IntoView {
    let children = children.into_inner();
    view! {
        <main class="doorway" id="main" tabindex="-1">
            <div class="doorway__column">
                <div class="doorway__brand" inner_html=brand></div>
                <Emblem phase />
                <div class="doorway__words" aria-live="polite">
                    <h1 class="doorway__heading">{heading}</h1>
                    <p class="doorway__text">{text}</p>
                </div>
                {children()}
            </div>
        </main>
    }
}

/// The sign-in page: a heading and a form of one field and one button.
#[component]
pub fn SignInCard(
    /// In whose name: a [`Brand`].
    #[prop(into)]
    brand: ViewFnOnce,
    #[prop(into)] heading: Signal<String>,
    #[prop(optional, into)] text: Signal<String>,
    /// Help, at the foot.
    #[prop(optional, into)]
    small: Option<ViewFnOnce>,
    /// The form: field, button, and a banner where signing in failed.
    children: Children,
) -> impl IntoView {
    view! {
        <main class="doorway" id="main" tabindex="-1">
            <div class="doorway__column">
                {brand.run()}
                <div class="doorway__words">
                    <h1 class="doorway__heading">{move || heading.get()}</h1>
                    <p class="doorway__text">{move || text.get()}</p>
                </div>
                <div class="doorway__form">{children()}</div>
                {small.map(|small| view! { <div class="doorway__small">{small.run()}</div> })}
            </div>
        </main>
    }
}
