//! The parts of a page: its header, its panels, and the small things that say whose page it is.

use super::text::initials;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page's name in the browser's tab, where it follows what the page shows.
#[component]
pub fn LiveTitle(#[prop(into)] text: Signal<String>) -> impl IntoView {
    // The server writes it after the page, when what the page showed is put away already.
    #[cfg(feature = "ssr")]
    let text = text.get_untracked();
    view! { <Title text /> }
}

/// The head of a page: breadcrumb, title with what belongs to it, and the actions at the right, the primary one last.
#[component]
pub fn PageHeader(
    #[prop(into)] title: Signal<String>,
    /// Above the title, on pages below a list.
    #[prop(optional, into)]
    breadcrumb: Option<ViewFnOnce>,
    /// Beside the title: chips.
    #[prop(optional, into)]
    beside: Option<ViewFnOnce>,
    /// Before the title: an avatar.
    #[prop(optional, into)]
    lead: Option<ViewFnOnce>,
    /// Under the title, in a quieter voice.
    #[prop(optional, into)]
    subtitle: Option<ViewFnOnce>,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            {breadcrumb.map(ViewFnOnce::run)}
            <div class="page-header__row">
                {lead.map(ViewFnOnce::run)}
                <div class="page-header__title">
                    <div class="page-header__line">
                        <h1>{move || title.get()}</h1>
                        {beside.map(ViewFnOnce::run)}
                    </div>
                    {subtitle.map(|subtitle| view! { <div class="page-header__subtitle">{subtitle.run()}</div> })}
                </div>
                {actions.map(|actions| view! { <div class="page-header__actions">{actions.run()}</div> })}
            </div>
        </header>
    }
}

/// One step of the way to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub href: String,
    pub label: String,
}

impl Crumb {
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

/// The way back up. The page itself is not in it: its title follows.
#[component]
pub fn Breadcrumb(items: Vec<Crumb>) -> impl IntoView {
    let items =
        items.into_iter().map(|crumb| view! { <li><a class="breadcrumb__link" href=crumb.href>{crumb.label}</a></li> }).collect_view();
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>{items}</ol>
        </nav>
    }
}

/// A section of a page on a raised surface, with a heading and its own actions.
#[component]
pub fn Panel(
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
    children: Children,
) -> impl IntoView {
    let head = (title.is_some() || actions.is_some()).then(|| {
        view! {
            <header class="panel__header">
                {title.map(|title| view! { <h2 class="panel__title">{title}</h2> })}
                {actions.map(|actions| view! { <div class="panel__actions">{actions.run()}</div> })}
            </header>
        }
    });
    view! {
        <section class="panel">
            {head}
            {children()}
        </section>
    }
}

/// A person's initials. The name itself always stands near, so screen readers skip this.
#[component]
pub fn Avatar(#[prop(into)] name: Signal<String>, #[prop(optional)] large: bool) -> impl IntoView {
    view! {
        <span class="avatar" class=("avatar--large", large) aria-hidden="true">
            {move || name.with(|name| initials(name))}
        </span>
    }
}

/// Labels and values of a profile; its children are [`Definition`]s.
#[component]
pub fn DefinitionList(children: Children) -> impl IntoView {
    view! { <dl class="definitions">{children()}</dl> }
}

/// One label with its value.
#[component]
pub fn Definition(#[prop(into)] label: Signal<String>, children: Children) -> impl IntoView {
    view! {
        <div class="definitions__pair">
            <dt>{move || label.get()}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
