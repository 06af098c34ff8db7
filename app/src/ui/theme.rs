//! Light, dark, or as the system has it.

use super::dom;
use super::icon::{Glyph, Icon};
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    fn parse(name: Option<&str>) -> Self {
        match name {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    const fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::System => "Theme: as the system",
            Self::Light => "Theme: light",
            Self::Dark => "Theme: dark",
        }
    }
}

/// Cycles through the themes and remembers the choice.
///
/// Which of the three icons is seen is CSS's decision, by `data-theme` on the root: the server knows it from the cookie
/// `theme`, so there is neither a flash nor a difference to hydrate.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(Theme::System);
    Effect::new(move || {
        let chosen = Theme::parse(dom::chosen_theme().as_deref());
        theme.set(chosen);
        // The storage outlives the cookie.
        dom::choose_theme(chosen.name());
    });
    let switch = move |_| {
        theme.update(|theme| *theme = theme.next());
        dom::choose_theme(theme.get_untracked().name());
    };
    view! {
        <button
            class="button button--icon theme-switch"
            type="button"
            data-kind="quiet"
            title=move || theme.get().label()
            on:click=switch
        >
            <span class="theme-switch__icon" data-for="system"><Icon name=Glyph::System /></span>
            <span class="theme-switch__icon" data-for="light"><Icon name=Glyph::Sun /></span>
            <span class="theme-switch__icon" data-for="dark"><Icon name=Glyph::Moon /></span>
            <span class="sr-only" aria-live="polite">{move || theme.get().label()}</span>
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::Theme;

    #[test]
    fn the_switch_goes_round_and_what_it_stores_is_read_back() {
        let mut theme = Theme::System;
        for _ in 0..3 {
            theme = theme.next();
            assert_eq!(Theme::parse(theme.name()), theme);
        }
        assert_eq!(theme, Theme::System);
        assert_eq!(Theme::parse(Some("purple")), Theme::System);
    }
}
