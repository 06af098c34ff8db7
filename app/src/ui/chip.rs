//! Chips: a state in a word with its icon, never by colour alone.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// What a colour means here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Accent,
    Success,
    Warning,
    Danger,
}

impl Tone {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// A small label with an icon.
#[component]
pub fn Chip(
    #[prop(optional, into)] tone: Signal<Tone>,
    #[prop(optional, into)] icon: Signal<Option<Glyph>>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="chip" data-tone=move || tone.get().name()>
            {move || icon.get().map(|name| view! { <Icon name /> })}
            {move || label.get()}
        </span>
    }
}

/// The states that the console shows again and again, each with its tone, icon and word in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    // of an identity's enrollment
    Enrolled,
    Pending,
    NotEnrolled,
    InvitationFailed,
    // of an identity or a passkey
    Active,
    Suspended,
    Revoked,
    // of a passkey
    Synced,
    DeviceBound,
    // of a binding job, beyond those above
    Complete,
    Expired,
    Failed,
}

impl Status {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Enrolled => "Enrolled",
            Self::Pending => "Pending",
            Self::NotEnrolled => "Not enrolled",
            Self::InvitationFailed => "Invitation failed",
            Self::Active => "Active",
            Self::Suspended => "Suspended",
            Self::Revoked => "Revoked",
            Self::Synced => "Synced",
            Self::DeviceBound => "Device-bound",
            Self::Complete => "Complete",
            Self::Expired => "Expired",
            Self::Failed => "Failed",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Enrolled | Self::Active | Self::Complete => Tone::Success,
            Self::Pending => Tone::Accent,
            Self::NotEnrolled | Self::Synced | Self::DeviceBound | Self::Expired | Self::Revoked => Tone::Neutral,
            Self::Suspended => Tone::Warning,
            Self::InvitationFailed | Self::Failed => Tone::Danger,
        }
    }

    pub const fn icon(self) -> Glyph {
        match self {
            Self::Enrolled => Glyph::Passkey,
            Self::Pending => Glyph::Send,
            Self::NotEnrolled => Glyph::Minus,
            Self::InvitationFailed | Self::Failed => Glyph::Error,
            Self::Active | Self::Complete => Glyph::Check,
            Self::Suspended => Glyph::Pause,
            Self::Revoked => Glyph::Close,
            Self::Synced => Glyph::Cloud,
            Self::DeviceBound => Glyph::Lock,
            Self::Expired => Glyph::Clock,
        }
    }
}

/// The chip of a [`Status`].
#[component]
pub fn StatusChip(#[prop(into)] status: Signal<Status>) -> impl IntoView {
    view! {
        <Chip
            tone=Signal::derive(move || status.get().tone())
            icon=Signal::derive(move || Some(status.get().icon()))
            label=Signal::derive(move || status.get().label().to_owned())
        />
    }
}
