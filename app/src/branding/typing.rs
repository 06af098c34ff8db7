//! What is typed on the branding page, and what the server says of it.

use std::time::Duration;

use domain::branding::{Branding, BrandingDesk, MailPreview};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server::preview;
use crate::error::AppError;
use crate::remote::Act;

/// After the last key, before the preview is asked for.
const PAUSE: Duration = Duration::from_millis(300);

/// What is typed, and the draft that it started from.
#[derive(Clone, Copy)]
pub struct Typing {
    pub(super) typed: RwSignal<Branding>,
    /// As it was saved last, or is in force.
    pub(super) base: RwSignal<Branding>,
    pub(super) version: RwSignal<i64>,
    pub(super) act: Act,
    /// What the server says of what is typed.
    pub(super) previewed: RwSignal<Option<Result<MailPreview, AppError>>>,
    /// What was typed last that the server could show.
    pub(super) holds: RwSignal<Option<Branding>>,
    asked: StoredValue<u32>,
}

impl Typing {
    pub(super) fn begin(desk: &BrandingDesk) -> Self {
        let (branding, version) = start(desk);
        Self {
            typed: RwSignal::new(branding.clone()),
            base: RwSignal::new(branding),
            version: RwSignal::new(version),
            act: Act::new(),
            previewed: RwSignal::new(None),
            holds: RwSignal::new(None),
            asked: StoredValue::new(0),
        }
    }

    pub(super) fn begin_again(self, desk: &BrandingDesk) {
        let (branding, version) = start(desk);
        self.typed.set(branding.clone());
        self.base.set(branding);
        self.version.set(version);
    }

    pub(super) fn is_changed(self) -> bool {
        self.typed.with(|typed| self.base.with(|base| typed != base))
    }

    pub(super) fn change(self, change: impl FnOnce(&mut Branding)) {
        self.act.clear();
        self.typed.update(change);
    }

    /// Asks for the preview, once nothing has been typed for a moment.
    pub(super) fn preview_soon(self, branding: Branding) {
        let asking = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(asking);
        set_timeout(
            move || {
                if self.asked.try_get_value() == Some(asking) {
                    spawn_local(async move {
                        let answer = preview(branding.clone()).await;
                        if self.asked.try_get_value() == Some(asking) {
                            if answer.is_ok() {
                                self.holds.try_set(Some(branding));
                            }
                            self.previewed.try_set(Some(answer));
                        }
                    });
                }
            },
            PAUSE,
        );
    }

    pub(super) fn value(self, get: fn(&Branding) -> &String) -> Signal<String> {
        Signal::derive(move || self.typed.with(|typed| get(typed).clone()))
    }

    /// What is wrong with a field: said by the preview while it is typed, and by the server when it was sent.
    pub(super) fn error(self, name: &'static str) -> Signal<Option<String>> {
        let sent = self.act.field(name);
        Signal::derive(move || {
            let seen = self.previewed.with(|seen| match seen {
                Some(Err(error)) => error.field(name),
                _ => None,
            });
            seen.or_else(|| sent.get())
        })
    }
}

/// The draft, or what is in force where there is none.
fn start(desk: &BrandingDesk) -> (Branding, i64) {
    match &desk.draft {
        Some(draft) => (draft.branding.clone(), draft.version),
        None => (desk.published.clone(), 0),
    }
}
