//! Acting: one thing at a time, with its state beside the button.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::sign_in;

/// Something that a person does: whether it is being done, and why it was not.
#[derive(Clone, Copy)]
pub struct Act {
    busy: RwSignal<bool>,
    done: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
}

impl Act {
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it makes signals, which belong to where it is called")]
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), done: RwSignal::new(false), error: RwSignal::new(None) }
    }

    #[must_use]
    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// Whether it is being done, or has been; not after it failed.
    #[must_use]
    pub fn under_way(self) -> Signal<bool> {
        Signal::derive(move || self.busy.get() || self.done.get())
    }

    #[must_use]
    pub fn error(self) -> Signal<Option<AppError>> {
        self.error.into()
    }

    /// What went wrong, in words; without what belongs to a field.
    #[must_use]
    pub fn words(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.error.with(|error| error.as_ref().filter(|error| error.fields.is_empty()).map(|error| error.words.clone()))
        })
    }

    /// What is wrong with one field.
    #[must_use]
    pub fn field(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.error.with(|error| error.as_ref().and_then(|error| error.field(name))))
    }

    /// Forgets how it ended.
    pub fn clear(self) {
        self.done.set(false);
        self.error.set(None);
    }

    /// Does it, unless it is being done. `done` gets the answer, unless the page has been left meanwhile.
    ///
    /// Where the server wants the passkey used once more, the browser asks for it, and the work is done again.
    pub fn run<T, F>(self, work: impl Fn() -> F + 'static, done: impl FnOnce(T) + 'static)
    where
        T: 'static,
        F: Future<Output = Result<T, AppError>> + 'static,
    {
        if self.busy.get_untracked() {
            return;
        }
        self.clear();
        self.busy.set(true);
        spawn_local(async move {
            let mut answer = work().await;
            if answer.as_ref().is_err_and(|error| error.is("touch_needed")) {
                answer = match sign_in::confirm().await {
                    Ok(()) => work().await,
                    Err(error) => Err(error),
                };
            }
            // Before it is no longer busy: between the two it would seem not to have begun.
            self.done.try_set(answer.is_ok());
            let left = self.busy.try_set(false).is_some();
            match answer {
                Ok(value) if !left => done(value),
                Ok(_) => {}
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
        });
    }
}
