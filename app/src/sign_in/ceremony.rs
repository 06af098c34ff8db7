//! The sign-in's way from the button, or from the suggestions of the username box, into the console.

use std::time::Duration;

use domain::ceremony::Ceremony;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server::{begin_sign_in, finish_sign_in};
use crate::browser;
use crate::error::AppError;
use crate::passkeys::server::accepted;
use crate::ui::Tone;
use crate::webauthn::{self, Answer, Cancel, Mediation, Refusal};

/// The server keeps a ceremony for five minutes; the one behind the suggestions is begun anew before that.
const RENEWED_AFTER: Duration = Duration::from_mins(4);

/// Why it did not work, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub tone: Tone,
    pub title: String,
    pub text: String,
}

impl Trouble {
    fn quiet(title: &str, text: &str) -> Self {
        Self { tone: Tone::Neutral, title: title.to_owned(), text: text.to_owned() }
    }

    fn loud(title: &str, text: &str) -> Self {
        Self { tone: Tone::Danger, ..Self::quiet(title, text) }
    }

    /// What the browser said; `None` where it only did as we asked.
    pub(super) fn of_refusal(refusal: &Refusal) -> Option<Self> {
        Some(match refusal {
            Refusal::Abort => return None,
            Refusal::NotAllowed => Self::quiet(
                "No passkey was used.",
                "Nothing has changed. Try again; a passkey on your phone works too, if your browser offers another device.",
            ),
            Refusal::NotSupported | Refusal::Constraint => {
                Self::loud("This browser cannot use your passkey.", "Try another browser, or a device with a screen lock.")
            }
            Refusal::Security => Self::loud(
                "This address does not match the one that your organization set up.",
                "Check the address, or tell your administrator which one you opened.",
            ),
            Refusal::InvalidState | Refusal::Other(_) => Self::loud(
                "Your browser could not use a passkey.",
                "Nothing has changed. Try again; if it stays so, close the browser and open it anew.",
            ),
        })
    }

    pub(super) fn of_error(error: &AppError) -> Self {
        let text = if error.request_id.is_empty() { String::new() } else { format!("Request {}", error.request_id) };
        match error.code.as_str() {
            "ceremony_over" => Self::quiet("That took too long.", "Nothing has changed. Try again."),
            // The other refusals are for the person; a failure of ours is for the administrator, who needs the id.
            "internal" => Self::loud(&error.words, &text),
            _ => Self::loud(&error.words, ""),
        }
    }
}

/// How the sign-in stands.
#[derive(Clone, Copy)]
pub(super) struct SignIn {
    pub username: RwSignal<String>,
    /// Someone is being signed in, or has been and the next page is loading.
    pub busy: RwSignal<bool>,
    pub trouble: RwSignal<Option<Trouble>>,
    next: StoredValue<String>,
    /// The request behind the suggestions. A browser answers one request at a time.
    suggesting: StoredValue<Cancel>,
}

impl SignIn {
    pub(super) fn new(next: String) -> Self {
        Self {
            username: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
            next: StoredValue::new(next),
            suggesting: StoredValue::new(Cancel::default()),
        }
    }

    /// Offers passkeys in the suggestions of the username box for as long as the page is open.
    pub(super) async fn suggest(self) {
        if !webauthn::has_conditional_mediation().await {
            return;
        }
        while let Some(cancel) = self.begin_suggesting() {
            let Ok(ceremony) = begin_sign_in().await else {
                return;
            };
            let renew = cancel.clone();
            let renewal = set_timeout_with_handle(move || renew.cancel(), RENEWED_AFTER);
            let answer = webauthn::get(&ceremony.options, Mediation::Suggestions, &cancel).await;
            if let Ok(renewal) = renewal {
                renewal.clear();
            }
            match answer {
                Ok(answer) => {
                    self.busy.set(true);
                    // Whoever chose from the suggestions has said who they are.
                    self.finish(ceremony, String::new(), answer).await;
                    return;
                }
                Err(Refusal::Abort) => {}
                Err(_) => return,
            }
        }
    }

    /// A handle for the next request behind the suggestions; `None` while the button's request is under way.
    fn begin_suggesting(self) -> Option<Cancel> {
        let busy = self.busy.try_get_untracked().unwrap_or(true);
        (!busy).then(|| {
            let cancel = Cancel::default();
            self.suggesting.set_value(cancel.clone());
            cancel
        })
    }

    /// What the button does.
    pub(super) fn press(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        self.suggesting.with_value(Cancel::cancel);
        spawn_local(async move {
            match begin_sign_in().await {
                Ok(ceremony) => self.ask(ceremony).await,
                Err(error) => self.fail(Some(Trouble::of_error(&error))),
            }
        });
    }

    async fn ask(self, ceremony: Ceremony) {
        let username = self.username.get_untracked().trim().to_owned();
        match webauthn::get(&ceremony.options, Mediation::Dialog, &Cancel::default()).await {
            Ok(answer) => self.finish(ceremony, username, answer).await,
            Err(refusal) => self.fail(Trouble::of_refusal(&refusal)),
        }
    }

    async fn finish(self, ceremony: Ceremony, username: String, answer: Answer) {
        match finish_sign_in(ceremony.id, username, answer.json.clone()).await {
            Ok(_) => {
                if webauthn::signals_exist()
                    && let Ok(accepted) = accepted().await
                {
                    webauthn::signal_accepted(&accepted).await;
                }
                browser::go(&self.next.get_value());
            }
            Err(error) => {
                if error.is("passkey_unknown") {
                    webauthn::signal_unknown(&answer).await;
                }
                self.fail(Some(Trouble::of_error(&error)));
            }
        }
    }

    /// Says what went wrong, and offers suggestions again.
    fn fail(self, trouble: Option<Trouble>) {
        self.trouble.set(trouble);
        self.busy.set(false);
        spawn_local(self.suggest());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_person_did_themselves_is_said_quietly() {
        let trouble = Trouble::of_refusal(&Refusal::NotAllowed).expect("it is said");
        assert_eq!(trouble.tone, Tone::Neutral);
        assert_eq!(Trouble::of_refusal(&Refusal::Abort), None);
    }

    #[test]
    fn each_refusal_of_the_browser_has_its_own_words() {
        let titles: Vec<String> = [Refusal::NotAllowed, Refusal::NotSupported, Refusal::Security, Refusal::Other("UnknownError".into())]
            .iter()
            .filter_map(|refusal| Trouble::of_refusal(refusal).map(|trouble| trouble.title))
            .collect();
        for (at, title) in titles.iter().enumerate() {
            assert!(!titles[..at].contains(title), "{title}");
        }
    }

    #[test]
    fn the_request_id_is_shown_where_the_log_is_needed() {
        let error = |code: &str| AppError { request_id: "abc123".into(), ..AppError::new(code, "Words.") };
        assert!(Trouble::of_error(&error("internal")).text.contains("abc123"));
        assert!(!Trouble::of_error(&error("denied")).text.contains("abc123"));
        assert_eq!(Trouble::of_error(&error("denied")).title, "Words.");
    }
}
