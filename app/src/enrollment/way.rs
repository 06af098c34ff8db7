//! From the button to the stored passkey.

use std::time::Duration;

use domain::ceremony::Enrolled;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server::{ask_for_link, begin_enrollment, finish_enrollment, open_link};
use super::stage::{Failure, Stage, Work, is_lost};
use crate::browser;
use crate::error::AppError;
use crate::webauthn::{self, Answer, Place};

/// How long to wait before what did not reach the server is sent again; then the person decides.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// A passkey that was made, and the ceremony that it answers.
#[derive(Clone)]
struct Made {
    ceremony: String,
    answer: Answer,
}

#[derive(Clone, Copy)]
pub(super) struct Way {
    pub stage: RwSignal<Stage>,
    /// The administrators have been asked for a new link; are being asked; could not be, in words.
    pub asked: RwSignal<bool>,
    pub asking: RwSignal<bool>,
    pub ask_trouble: RwSignal<String>,
    /// This device cannot hold a passkey itself.
    pub elsewhere: RwSignal<bool>,
    /// Made, and not known to be stored: sent again before another one is made.
    made: StoredValue<Option<Made>>,
}

impl Way {
    pub(super) fn new(stage: Stage, asked: bool) -> Self {
        Self {
            stage: RwSignal::new(stage),
            asked: RwSignal::new(asked),
            asking: RwSignal::new(false),
            ask_trouble: RwSignal::new(String::new()),
            elsewhere: RwSignal::new(false),
            made: StoredValue::new(None),
        }
    }

    /// Once the page is hydrated: what this browser can do, and that somebody sees the page.
    pub(super) fn begin(self) {
        if self.stage.get_untracked() != Stage::Ready {
            return;
        }
        if webauthn::is_supported() {
            spawn_local(async move { self.elsewhere.set(!webauthn::has_platform_authenticator().await) });
        } else if browser::is_secure_context() {
            self.stage.set(Stage::Failed(Failure::NoPasskeys));
        } else {
            self.stage.set(Stage::Failed(Failure::NotSecure));
        }
        browser::when_visible(|| {
            spawn_local(async {
                // Only the administrators' list tells of it; the next step finds out by itself what is wrong.
                let _ = open_link(super::token()).await;
            });
        });
    }

    /// What the button does.
    pub(super) fn press(self, place: Place) {
        if !matches!(self.stage.get_untracked(), Stage::Working(_)) {
            spawn_local(self.go(place));
        }
    }

    async fn go(self, place: Place) {
        let made = match self.made.get_value() {
            Some(made) => Ok(made),
            None => self.make(place).await,
        };
        let end = match made {
            Ok(made) => match self.store(made).await {
                // The server began anew meanwhile, or the prompt stood open for long: once, that mends itself.
                Err(error) if error.is("ceremony_over") => match self.make(place).await {
                    Ok(made) => self.store(made).await.unwrap_or_else(|error| Stage::of_error(error, true)),
                    Err(end) => end,
                },
                stored => stored.unwrap_or_else(|error| Stage::of_error(error, true)),
            },
            Err(end) => end,
        };
        self.stage.set(end);
    }

    /// Has the browser make a passkey, or tells where that ends.
    async fn make(self, place: Place) -> Result<Made, Stage> {
        self.stage.set(Stage::Working(Work::Preparing));
        let ceremony = begin_enrollment(super::token()).await.map_err(|error| Stage::of_error(error, false))?;
        self.stage.set(Stage::Working(Work::Asking));
        let answer = webauthn::create(&ceremony.options, place).await.map_err(Stage::of_refusal)?;
        Ok(Made { ceremony: ceremony.id, answer })
    }

    /// Tells the server, again and again for a while if it cannot be reached.
    async fn store(self, made: Made) -> Result<Stage, AppError> {
        self.stage.set(Stage::Working(Work::Storing));
        let lost_before = self.made.with_value(Option::is_some);
        self.made.set_value(Some(made.clone()));
        let mut pauses = PAUSES.into_iter();
        let mut lost = lost_before;
        let finished = loop {
            match finish_enrollment(super::token(), made.ceremony.clone(), made.answer.json.clone()).await {
                Err(error) if is_lost(&error) => {
                    lost = true;
                    match pauses.next() {
                        Some(pause) => browser::wait(pause).await,
                        None => return Err(error),
                    }
                }
                finished => break finished,
            }
        };
        self.made.set_value(None);
        match finished {
            Ok(Enrolled { passkey, accepted, signed_in, continue_to }) => {
                webauthn::signal_accepted(&accepted).await;
                Ok(Stage::Done { passkey: Some(passkey), signed_in, continue_to })
            }
            // The first answer got lost on its way back: it was this page that used the link.
            Err(error) if lost && error.is("link_used") => Ok(Stage::Done { passkey: None, signed_in: false, continue_to: None }),
            Err(error) => {
                webauthn::signal_unknown(&made.answer).await;
                Err(error)
            }
        }
    }

    /// Asks the administrators for a new link.
    pub(super) fn ask(self) {
        if self.asking.get_untracked() {
            return;
        }
        self.asking.set(true);
        spawn_local(async move {
            match ask_for_link(super::token()).await {
                Ok(()) => self.asked.set(true),
                Err(error) => self.ask_trouble.set(error.words),
            }
            self.asking.set(false);
        });
    }
}
