//! One mail of the outbox.

use domain::mail::{Mail, MailState};
use domain::permission::Permission;
use leptos::prelude::*;

use crate::binding_jobs::server::resend;
use crate::console::may;
use crate::remote::Act;
use crate::ui::{Button, ButtonKind, Chip, Glyph, RecordCard, Time, Tone, use_toasts};

/// Where it stands, to whom, what the server said, and what can be done.
#[component]
pub(super) fn MailCard(
    mail: Signal<Mail>,
    act: Act,
    /// Whether mails lie in files.
    files: Signal<bool>,
    #[prop(into)] on_open: Callback<Mail>,
) -> impl IntoView {
    let (job, identity) = mail.with_untracked(|mail| (mail.job, mail.identity));
    let state = Memo::new(move |_| mail.with(|mail| mail.state));
    let name = Memo::new(move |_| mail.with(|mail| mail.display_name.clone()));
    let of_whom = move || view! { <span class="sr-only">" to " {move || name.get()}</span> };
    let toasts = use_toasts();
    let again = move || {
        act.run(move || resend(job), move |new| toasts.show(format!("Invitation to {} is on its way", new.email.unwrap_or_default())));
    };
    let actions = move || {
        let again = move || {
            let wanted =
                matches!(state.get(), MailState::Failed | MailState::Uncertain | MailState::Dropped) && may(Permission::BindingJobsCreate);
            wanted.then(
                || view! { <Button kind=ButtonKind::Quiet disabled=act.busy() on_click=move |_| again()>"Send again" {of_whom()}</Button> },
            )
        };
        let open = move || {
            let wanted = files.get() && state.get() == MailState::Sent && may(Permission::BindingJobsCreate);
            wanted.then(|| view! { <Button kind=ButtonKind::Quiet on_click=move |_| on_open.run(mail.get_untracked())>"Open mail" {of_whom()}</Button> })
        };
        view! { {again} {open} }
    };
    view! {
        <RecordCard
            id=format!("mail-{job}")
            name=Signal::derive(move || format!("mail to {}", name.get()))
            lead=move || {
                view! {
                    <Chip
                        tone=Signal::derive(move || tone(state.get()))
                        icon=Signal::derive(move || Some(glyph(state.get())))
                        label=Signal::derive(move || label(state.get()).to_owned())
                    />
                }
            }
            aside=move || {
                view! {
                    <p>"Updated " <Time at=Signal::derive(move || mail.with(|mail| mail.updated_at.micros())) /></p>
                    {move || {
                        let due = mail.with(|mail| mail.due_at.filter(|_| mail.attempts > 0));
                        due.map(|due| view! { <p>"Tried again " <Time at=due.micros() /></p> })
                    }}
                }
            }
            actions
        >
            <p><a class="link" href=format!("/identities/{identity}/binding-jobs")>{move || name.get()}</a></p>
            <p>{move || mail.with(|mail| mail.recipient.clone())}</p>
            {move || {
                let words = mail.with(|mail| mail.words.clone());
                (!words.is_empty()).then(|| view! { <p class="muted">{words}</p> })
            }}
        </RecordCard>
    }
}

/// The chip's word.
const fn label(state: MailState) -> &'static str {
    match state {
        MailState::Queued => "Waiting",
        MailState::Sending | MailState::HandedOver => "Sending",
        MailState::Sent => "Sent",
        MailState::Uncertain => "Perhaps sent",
        MailState::Failed => "Refused",
        MailState::Dropped => "Not sent",
    }
}

const fn tone(state: MailState) -> Tone {
    match state {
        MailState::Queued | MailState::Sending | MailState::HandedOver => Tone::Accent,
        MailState::Sent => Tone::Success,
        MailState::Uncertain => Tone::Warning,
        MailState::Failed => Tone::Danger,
        MailState::Dropped => Tone::Neutral,
    }
}

const fn glyph(state: MailState) -> Glyph {
    match state {
        MailState::Queued => Glyph::Clock,
        MailState::Sending | MailState::HandedOver => Glyph::Send,
        MailState::Sent => Glyph::Check,
        MailState::Uncertain => Glyph::Mail,
        MailState::Failed => Glyph::Error,
        MailState::Dropped => Glyph::Close,
    }
}
