//! Icons come from one sprite, so that a page of fifty rows carries each drawing once.

use leptos::prelude::*;

macro_rules! glyphs {
    ($($variant:ident => $id:literal),* $(,)?) => {
        /// A drawing in `public/icons.svg`; the sprite and this list are held together by a test.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Glyph { $($variant),* }

        impl Glyph {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$variant),*];

            /// The `id` of the symbol in the sprite.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            const fn href(self) -> &'static str {
                match self { $(Self::$variant => concat!("/icons.svg#", $id)),* }
            }
        }
    };
}

glyphs! {
    Admin => "admin",
    Applications => "applications",
    ArrowDown => "arrow-down",
    ArrowLeft => "arrow-left",
    ArrowRight => "arrow-right",
    ArrowUp => "arrow-up",
    Branding => "branding",
    Check => "check",
    ChevronDown => "chevron-down",
    ChevronLeft => "chevron-left",
    ChevronRight => "chevron-right",
    ChevronUp => "chevron-up",
    Clock => "clock",
    Close => "close",
    Cloud => "cloud",
    Computer => "computer",
    Copy => "copy",
    Download => "download",
    Drag => "drag",
    Edit => "edit",
    Empty => "empty",
    Error => "error",
    Events => "events",
    External => "external",
    Filter => "filter",
    Groups => "groups",
    Identities => "identities",
    Info => "info",
    Invitation => "invitation",
    Laptop => "laptop",
    Link => "link",
    Lock => "lock",
    Mail => "mail",
    Menu => "menu",
    Minus => "minus",
    Moon => "moon",
    More => "more",
    Passkey => "passkey",
    Pause => "pause",
    Phone => "phone",
    Play => "play",
    Plus => "plus",
    Policy => "policy",
    Qr => "qr",
    Realm => "realm",
    Refresh => "refresh",
    Scim => "scim",
    Search => "search",
    Send => "send",
    Settings => "settings",
    SignOut => "sign-out",
    Success => "success",
    Sun => "sun",
    System => "system",
    Terminal => "terminal",
    Token => "token",
    Trash => "trash",
    Undo => "undo",
    Upload => "upload",
    User => "user",
    Warning => "warning",
}

/// A 20 px icon in the colour of the text around it. Always decoration: the words stand beside it or in a label.
#[component]
pub fn Icon(name: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" width="20" height="20" aria-hidden="true" focusable="false">
            <use href=name.href()></use>
        </svg>
    }
}

/// Keyroll's mark, drawn in place so that it is there with the first paint.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <rect class="mark__frame" x="2.5" y="2.5" width="19" height="19" rx="5.5"></rect>
            <rect class="mark__core" x="7.5" y="7.5" width="9" height="9" rx="2"></rect>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::Glyph;

    const SPRITE: &str = include_str!("../../../public/icons.svg");

    #[test]
    fn every_glyph_is_drawn_in_the_sprite() {
        for glyph in Glyph::ALL {
            let symbol = format!("<symbol id=\"{}\"", glyph.id());
            assert!(SPRITE.contains(&symbol), "{symbol} is missing");
        }
    }

    #[test]
    fn the_sprite_holds_nothing_unused() {
        assert_eq!(SPRITE.matches("<symbol ").count(), Glyph::ALL.len());
    }
}
