//! What can be done with an identity as a whole: suspend, reactivate, delete; each asks first.

use domain::identity::Status;
use domain::record::Identity;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::query::LIST;
use super::server::{delete_identity, set_status};
use crate::browser;
use crate::remote::{Act, Remote};
use crate::ui::{ConfirmDialog, use_toasts};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Question {
    #[default]
    Suspend,
    Reactivate,
    Delete,
}

/// What is being asked, about whom, and how doing it stands.
#[derive(Clone, Copy)]
pub struct Asked {
    open: RwSignal<bool>,
    question: RwSignal<Question>,
    /// As the person saw it when they asked.
    about: RwSignal<Option<Identity>>,
    act: Act,
}

impl Asked {
    pub(super) fn new() -> Self {
        Self { open: RwSignal::new(false), question: RwSignal::default(), about: RwSignal::new(None), act: Act::new() }
    }

    pub(super) fn ask(self, question: Question, about: Identity) {
        self.act.clear();
        self.question.set(question);
        self.about.set(Some(about));
        self.open.set(true);
    }

    pub(super) fn is_deleting(self) -> Signal<bool> {
        let under_way = self.act.under_way();
        Signal::derive(move || under_way.get() && self.question.get() == Question::Delete)
    }
}

/// The dialog of whichever question is asked.
#[component]
pub(super) fn ActDialogs(asked: Asked, entry: Remote<Identity>) -> impl IntoView {
    let Asked { open, question, about, act } = asked;
    let (toasts, navigate) = (use_toasts(), use_navigate());
    keep_focus(open);
    let name = move || about.with(|about| about.as_ref().map(|about| about.display_name.clone()).unwrap_or_default());
    let title = move || match question.get() {
        Question::Suspend => format!("Suspend {}", name()),
        Question::Reactivate => format!("Reactivate {}", name()),
        Question::Delete => format!("Delete {}", name()),
    };
    let verb = move || match question.get() {
        Question::Suspend => "Suspend identity".to_owned(),
        Question::Reactivate => "Reactivate identity".to_owned(),
        Question::Delete => "Delete identity".to_owned(),
    };
    let consequences = move || about.with(|about| about.as_ref().map(|about| consequences(question.get(), about)).unwrap_or_default());
    let confirm = move |()| {
        let Some(person) = about.get_untracked() else { return };
        match question.get_untracked() {
            Question::Delete => {
                let navigate = navigate.clone();
                act.run(
                    move || delete_identity(person.id),
                    move |()| {
                        open.set(false);
                        toasts.show(format!("{} deleted", person.display_name));
                        navigate(LIST, NavigateOptions::default());
                    },
                );
            }
            turn => {
                let (status, done) = match turn {
                    Question::Suspend => (Status::Suspended, "suspended"),
                    _ => (Status::Active, "reactivated"),
                };
                act.run(
                    move || set_status(person.id, status),
                    move |now| {
                        open.set(false);
                        toasts.show(format!("{} {done}", now.display_name));
                        entry.refetch();
                    },
                );
            }
        }
    };
    view! {
        <ConfirmDialog
            id="identity-act"
            open
            title=Signal::derive(title)
            verb=Signal::derive(verb)
            danger=true
            busy=act.busy()
            error=act.words()
            on_confirm=confirm
        >
            {move || consequences().into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
        </ConfirmDialog>
    }
}

/// The dialog was opened from a menu that has closed since: the focus goes back to the menu's button.
fn keep_focus(open: RwSignal<bool>) {
    Effect::new(move |before: Option<bool>| {
        let open = open.get();
        if before == Some(true) && !open {
            request_animation_frame(|| {
                if browser::focus_is_lost() {
                    let _ = browser::focus("[popovertarget=identity-menu]");
                }
            });
        }
        open
    });
}

/// What the answer "yes" would bring.
fn consequences(question: Question, about: &Identity) -> Vec<String> {
    match question {
        Question::Suspend => vec![
            "They are signed out everywhere, and their passkeys stop working until the identity is reactivated.".to_owned(),
            "Passkeys, groups and history stay.".to_owned(),
        ],
        Question::Reactivate => vec![match about.passkeys {
            0 => "They may use passkeys again. They have none at the moment.".to_owned(),
            1 => "Their passkey works again.".to_owned(),
            count => format!("Their {count} passkeys work again."),
        }],
        Question::Delete => {
            let mut goes = Vec::new();
            match about.passkeys {
                0 => {}
                1 => goes.push("1 passkey".to_owned()),
                count => goes.push(format!("{count} passkeys")),
            }
            match about.groups {
                0 => {}
                1 => goes.push("1 group membership".to_owned()),
                count => goes.push(format!("{count} group memberships")),
            }
            goes.push("any link that is still open".to_owned());
            let last = goes.pop().unwrap_or_default();
            let goes = if goes.is_empty() { last } else { format!("{} and {last}", goes.join(", ")) };
            vec![
                format!("With the entry goes: {goes}. The person is signed out everywhere."),
                "This cannot be taken back. What happened stays in the audit log.".to_owned(),
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::identity::{EnrollmentStatus, Source};
    use domain::{IdentityId, Timestamp};

    fn person(passkeys: u32, groups: u32) -> Identity {
        Identity {
            id: IdentityId::from_i64(1),
            display_name: "Zoë".into(),
            username: "zoe".into(),
            email: None,
            external_id: None,
            traits: std::collections::BTreeMap::new(),
            status: Status::Active,
            enrollment: EnrollmentStatus::Enrolled,
            source: Source::Manual,
            passkeys,
            groups,
            version: 1,
            created_at: Timestamp::from_micros(0),
            updated_at: Timestamp::from_micros(0),
        }
    }

    #[test]
    fn deleting_says_what_goes_with_it() {
        let said = |passkeys, groups| consequences(Question::Delete, &person(passkeys, groups)).remove(0);
        assert!(said(2, 1).starts_with("With the entry goes: 2 passkeys, 1 group membership and any link"));
        assert!(said(1, 0).starts_with("With the entry goes: 1 passkey and any link"));
        assert!(said(0, 0).starts_with("With the entry goes: any link that is still open."));
    }

    #[test]
    fn reactivating_says_what_works_again() {
        let said = |passkeys| consequences(Question::Reactivate, &person(passkeys, 0)).concat();
        assert_eq!(said(1), "Their passkey works again.");
        assert_eq!(said(3), "Their 3 passkeys work again.");
        assert!(said(0).contains("none at the moment"));
    }
}
