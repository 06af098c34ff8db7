//! The console's frame: navigation, top bar, and the page.

use super::button::IconButton;
use super::dom;
use super::icon::{Glyph, Icon, Mark};
use leptos::{html, prelude::*};

/// A place in the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    pub href: String,
    pub icon: Glyph,
    pub label: String,
}

impl NavItem {
    pub fn new(href: impl Into<String>, icon: Glyph, label: impl Into<String>) -> Self {
        Self { href: href.into(), icon, label: label.into() }
    }
}

/// Places that belong together, under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavSection {
    pub title: String,
    pub items: Vec<NavItem>,
}

impl NavSection {
    pub fn new(title: impl Into<String>, items: Vec<NavItem>) -> Self {
        Self { title: title.into(), items }
    }
}

/// Whether a path lies at or below an entry's address.
fn is_within(path: &str, href: &str) -> bool {
    path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The frame around every page of the console.
///
/// The navigation is a popover: beside the page where there is room, a drawer over it below 900 px, which opens even
/// before the script has run.
#[component]
pub fn Frame(
    #[prop(into)] sections: Signal<Vec<NavSection>>,
    /// The path of the page that is shown.
    #[prop(into)]
    current: Signal<String>,
    #[prop(default = "Keyroll".into(), into)] brand: Signal<String>,
    #[prop(default = "/".into(), into)] home: String,
    /// Below the brand: the realm, where there are several.
    #[prop(optional, into)]
    below_brand: Option<ViewFnOnce>,
    #[prop(optional, into)] search: Option<ViewFnOnce>,
    /// At the right of the top bar: theme switch, account menu.
    #[prop(optional, into)]
    tools: Option<ViewFnOnce>,
    children: Children,
) -> impl IntoView {
    let nav = NodeRef::<html::Nav>::new();
    let close = move || {
        if let Some(nav) = nav.get_untracked() {
            dom::hide_popover(&nav);
        }
    };
    let left = move |_| {
        // By the next frame the focus has arrived where it was going.
        request_animation_frame(move || {
            if let Some(nav) = nav.get_untracked()
                && !dom::has_focus_within(&nav)
            {
                dom::hide_popover(&nav);
            }
        });
    };
    let list = move || {
        sections
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, section)| {
                let heading = format!("nav-section-{at}");
                let items = section
                    .items
                    .into_iter()
                    .map(|item| {
                        let href = item.href.clone();
                        let here = move || current.with(|path| is_within(path, &href)).then_some("page");
                        view! {
                            <li>
                                <a class="nav__link" href=item.href aria-current=here>
                                    <Icon name=item.icon />
                                    {item.label}
                                </a>
                            </li>
                        }
                    })
                    .collect_view();
                view! {
                    <div class="nav__section">
                        <h2 class="nav__heading" id=heading.clone()>{section.title}</h2>
                        <ul aria-labelledby=heading>{items}</ul>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <a class="skip-link" href="#main">"Skip to content"</a>
        <div class="frame">
            <nav
                class="nav"
                id="nav"
                popover="auto"
                aria-label="Console"
                node_ref=nav
                on:click=move |_| close()
                on:focusout=left
            >
                <div class="nav__brand">
                    <a class="nav__home" href=home>
                        <Mark />
                        <span>{move || brand.get()}</span>
                    </a>
                    <span class="nav__close">
                        <IconButton label="Close navigation" icon=Glyph::Close />
                    </span>
                </div>
                {below_brand.map(|realm| view! { <div class="nav__realm">{realm.run()}</div> })}
                {list}
            </nav>
            <header class="topbar">
                <button
                    class="button button--icon topbar__menu"
                    type="button"
                    data-kind="quiet"
                    popovertarget="nav"
                    aria-label="Open navigation"
                >
                    <Icon name=Glyph::Menu />
                </button>
                <div class="topbar__search">{search.map(ViewFnOnce::run)}</div>
                <div class="topbar__tools">{tools.map(ViewFnOnce::run)}</div>
            </header>
            <main class="main" id="main" tabindex="-1">{children()}</main>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn a_page_below_a_list_marks_the_list() {
        assert!(is_within("/identities", "/identities"));
        assert!(is_within("/identities/00ab/passkeys", "/identities"));
        assert!(!is_within("/identities-archive", "/identities"));
        assert!(!is_within("/groups", "/identities"));
    }
}
