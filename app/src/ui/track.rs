//! How far an invitation has come.

use super::chip::Tone;
use super::icon::{Glyph, Icon};
use leptos::prelude::*;

const STEPS: [&str; 4] = ["Sent", "Opened", "In progress", "Complete"];

/// Where a binding job stands on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrackState {
    /// Not sent yet: waiting in the outbox.
    Waiting,
    Sent,
    Opened,
    InProgress,
    Complete,
    /// It ended before the last step.
    Ended {
        /// How many of the four steps it had made.
        reached: usize,
        /// How it ended: "Expired", "Revoked", "Failed".
        word: String,
        tone: Tone,
    },
}

impl TrackState {
    fn reached(&self) -> usize {
        match self {
            Self::Waiting => 0,
            Self::Sent => 1,
            Self::Opened => 2,
            Self::InProgress => 3,
            Self::Complete => 4,
            Self::Ended { reached, .. } => (*reached).min(3),
        }
    }

    /// The steps as they are shown: name, and `done`, `current`, `ended` or `ahead`.
    fn steps(&self) -> Vec<(String, &'static str)> {
        let reached = self.reached();
        let whole = matches!(self, Self::Complete);
        STEPS
            .iter()
            .enumerate()
            .map(|(at, name)| match self {
                Self::Ended { word, .. } if at == reached => (word.clone(), "ended"),
                _ if at + 1 == reached && !whole && !matches!(self, Self::Ended { .. }) => ((*name).to_owned(), "current"),
                _ if at < reached => ((*name).to_owned(), "done"),
                _ => ((*name).to_owned(), "ahead"),
            })
            .collect()
    }

    fn tone(&self) -> Tone {
        match self {
            Self::Complete => Tone::Success,
            Self::Ended { tone, .. } => *tone,
            _ => Tone::Accent,
        }
    }
}

/// Four steps, sent to complete, filling as they happen. One that ended badly says with which word, at the step that it
/// did not make.
#[component]
pub fn Track(#[prop(into)] state: Signal<TrackState>) -> impl IntoView {
    let steps = move || {
        state
            .with(TrackState::steps)
            .into_iter()
            .map(|(name, step)| {
                let icon = match step {
                    "done" => Some(Glyph::Check),
                    "ended" => Some(Glyph::Close),
                    _ => None,
                };
                let said = match step {
                    "done" => "done: ",
                    "ahead" => "ahead: ",
                    _ => "",
                };
                view! {
                    <li class="track__step" data-step=step aria-current=(step == "current").then_some("step")>
                        <span class="track__dot">{icon.map(|name| view! { <Icon name /> })}</span>
                        <span class="track__name"><span class="sr-only">{said}</span>{name}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <ol class="track" data-tone=move || state.with(TrackState::tone).name()>{steps}</ol>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(state: &TrackState) -> Vec<&'static str> {
        state.steps().into_iter().map(|(_, mark)| mark).collect()
    }

    #[test]
    fn the_step_reached_is_the_current_one() {
        assert_eq!(marks(&TrackState::Waiting), ["ahead"; 4]);
        assert_eq!(marks(&TrackState::Sent), ["current", "ahead", "ahead", "ahead"]);
        assert_eq!(marks(&TrackState::InProgress), ["done", "done", "current", "ahead"]);
        assert_eq!(marks(&TrackState::Complete), ["done"; 4]);
    }

    #[test]
    fn an_end_stands_where_the_next_step_would_have_been() {
        let ended = TrackState::Ended { reached: 2, word: "Expired".into(), tone: Tone::Neutral };
        assert_eq!(marks(&ended), ["done", "done", "ended", "ahead"]);
        assert_eq!(ended.steps()[2].0, "Expired");
        let late = TrackState::Ended { reached: 9, word: "Failed".into(), tone: Tone::Danger };
        assert_eq!(late.steps()[3].0, "Failed");
    }
}
