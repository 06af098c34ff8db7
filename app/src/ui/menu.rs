//! A button that opens a list of acts or places, on the native popover.

use super::button::ButtonKind;
use super::dom::{self, Step};
use super::icon::{Glyph, Icon};
use leptos::either::Either;
use leptos::ev::KeyboardEvent;
use leptos::{html, prelude::*};

const ITEMS: &str = ".menu__item:not(:disabled)";

/// What the menu's button shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MenuLook {
    /// The label and a small arrow.
    #[default]
    Labelled,
    /// The icon alone; the label is its name.
    IconOnly,
}

/// A menu button. It opens before the script has run, closes by Escape and by a press elsewhere, and its items are
/// walked through with the arrow keys, Home, End, or their first letter.
#[component]
pub fn Menu(
    /// Unique on the page: ties the button to its list.
    #[prop(into)]
    id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] look: MenuLook,
    #[prop(optional, into)] icon: Option<Glyph>,
    /// Shown in the button instead of the label, which is then read out after it: "Ana Martins" and "account menu".
    #[prop(optional, into)]
    trigger: Option<ViewFnOnce>,
    /// Marks the button as one whose choice is in force, as with an active filter.
    #[prop(optional, into)]
    active: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let opened = move |_| {
        if let Some(list) = list.get_untracked()
            && dom::popover_is_open(&list)
        {
            dom::focus_first(&list, &[".menu__item[aria-checked=true]", ITEMS]);
        }
    };
    let key = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else {
            return;
        };
        let key = event.key();
        if let Some(step) = Step::of_key(&key) {
            event.prevent_default();
            dom::focus_step(&list, ITEMS, step);
        } else if key == "Tab" {
            dom::hide_popover(&list);
        } else if key.chars().count() == 1 && key != " " && !event.ctrl_key() && !event.meta_key() {
            dom::focus_letter(&list, ITEMS, &key);
        }
    };
    let chosen = move |_| {
        if let Some(list) = list.get_untracked() {
            dom::hide_popover(&list);
        }
    };
    let icon_only = look == MenuLook::IconOnly;
    let own_trigger = trigger.is_some();
    let content = match trigger {
        // Not as `aria-label`: what is seen has to be part of what is said.
        Some(trigger) => Either::Left(view! {
            {trigger.run()}
            <span class="sr-only">{move || label.get()}</span>
        }),
        None => Either::Right(view! {
            {icon.map(|name| view! { <Icon name /> })}
            {(!icon_only)
                .then(|| {
                    view! {
                        <span class="button__label">{move || label.get()}</span>
                        <span class="button__arrow"><Icon name=Glyph::ChevronDown /></span>
                    }
                })}
        }),
    };
    view! {
        <span class="menu">
            <button
                class="button"
                class=("button--icon", icon_only)
                class=("button--bare", own_trigger)
                type="button"
                data-kind=kind.name()
                data-active=move || active.get().then_some("")
                popovertarget=id.clone()
                aria-haspopup="menu"
                aria-label=move || icon_only.then(|| label.get())
                title=move || icon_only.then(|| label.get())
            >
                {content}
            </button>
            <div
                class="menu__list"
                id=id
                popover="auto"
                role="menu"
                aria-label=move || label.get()
                node_ref=list
                on:toggle=opened
                on:keydown=key
                on:click=chosen
            >
                {children()}
            </div>
        </span>
    }
}

/// An entry of a [`Menu`]: a link with `href`, else a button with `on_select`.
#[component]
pub fn MenuItem(
    children: Children,
    #[prop(optional, into)] href: Option<Signal<String>>,
    #[prop(optional, into)] icon: Option<Glyph>,
    #[prop(optional)] danger: bool,
    /// For one of several that are chosen from: whether it is the chosen one.
    #[prop(optional, into)]
    checked: Option<Signal<bool>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] on_select: Option<Callback<()>>,
) -> impl IntoView {
    let role = if checked.is_some() { "menuitemradio" } else { "menuitem" };
    let ticked = move || checked.map(|checked| if checked.get() { "true" } else { "false" });
    let select = move |_| {
        if let Some(on_select) = on_select {
            on_select.run(());
        }
    };
    let content = view! {
        {checked.map(|_| view! { <span class="menu__tick"><Icon name=Glyph::Check /></span> })}
        {icon.map(|name| view! { <Icon name /> })}
        <span class="menu__text">{children()}</span>
    };
    match href {
        Some(href) => Either::Left(view! {
            <a class="menu__item" role=role tabindex="-1" href=move || href.get() aria-checked=ticked on:click=select>
                {content}
            </a>
        }),
        None => Either::Right(view! {
            <button
                class="menu__item"
                type="button"
                role=role
                tabindex="-1"
                aria-checked=ticked
                data-tone=danger.then_some("danger")
                disabled=move || disabled.get()
                on:click=select
            >
                {content}
            </button>
        }),
    }
}

/// A line between groups of a menu's items.
#[component]
pub fn MenuRule() -> impl IntoView {
    view! { <hr class="menu__rule" /> }
}
