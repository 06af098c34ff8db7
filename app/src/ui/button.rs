//! Buttons: things that act. What goes somewhere is a link, even where it looks like a button.

use super::icon::{Glyph, Icon};
use leptos::{ev::MouseEvent, prelude::*};

/// How much a button asks to be pressed. One primary button a page or dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Secondary,
    Quiet,
    Danger,
}

impl ButtonKind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
        }
    }
}

/// A button with a word, optionally with an icon before it.
///
/// While `busy` it keeps its width and its focus, turns a ring, and lets no second press through.
#[component]
pub fn Button(
    children: Children,
    /// Where the focus is sent to it from elsewhere.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] icon: Option<Glyph>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// `button`, `submit` or `reset`.
    #[prop(default = "button")]
    r#type: &'static str,
    /// The id of the form to submit, for a button that stands outside it.
    #[prop(optional, into)]
    form: Option<String>,
    /// The large one of the enrollment and sign-in pages.
    #[prop(optional)]
    large: bool,
    #[prop(optional, into)] on_click: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    let pressed = move |event: MouseEvent| {
        if busy.get_untracked() {
            // A submit button would send its form again.
            event.prevent_default();
            event.stop_propagation();
        } else if let Some(on_click) = on_click {
            on_click.run(event);
        }
    };
    view! {
        <button
            class="button"
            class=("button--large", large)
            id=id
            data-kind=kind.name()
            type=r#type
            form=form
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            on:click=pressed
        >
            {icon.map(|name| view! { <Icon name /> })}
            <span class="button__label">{children()}</span>
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    children: Children,
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] icon: Option<Glyph>,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    view! {
        <a class="button" class=("button--large", large) data-kind=kind.name() href=move || href.get()>
            {icon.map(|name| view! { <Icon name /> })}
            <span class="button__label">{children()}</span>
        </a>
    }
}

/// A square button with an icon alone; the label is its name and its tooltip.
#[component]
pub fn IconButton(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] icon: Signal<Glyph>,
    #[prop(default = ButtonKind::Quiet)] kind: ButtonKind,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] busy: Signal<bool>,
    /// For a button that unfolds something: whether it is unfolded.
    #[prop(optional, into)]
    expanded: Signal<Option<bool>>,
    /// The id of what it unfolds.
    #[prop(optional, into)]
    controls: Option<String>,
    #[prop(optional, into)] on_click: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    view! {
        <button
            class="button button--icon"
            type="button"
            data-kind=kind.name()
            aria-label=move || label.get()
            title=move || label.get()
            aria-controls=controls
            aria-expanded=move || expanded.get().map(|open| if open { "true" } else { "false" })
            aria-busy=move || busy.get().then_some("true")
            disabled=move || disabled.get()
            on:click=move |event| {
                if let Some(on_click) = on_click
                    && !busy.get_untracked()
                {
                    on_click.run(event);
                }
            }
        >
            {move || view! { <Icon name=icon.get() /> }}
        </button>
    }
}
