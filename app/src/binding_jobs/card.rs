//! One binding job.

use domain::binding_job::State;
use domain::permission::Permission;
use domain::record::Job;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use super::add::AddPasskey;
use super::history::History;
use super::server::resend;
use super::words;
use crate::console::may;
use crate::passkeys;
use crate::remote::Act;
use crate::ui::{Banner, Button, ButtonKind, Glyph, LinkButton, RecordCard, Time, Tone, Track, use_toasts};

/// How far it has come, for whom, and what can be done.
#[component]
pub(super) fn JobCard(
    job: Signal<Job>,
    /// The list around it: a newer job answers what an older one asks for.
    all: Memo<Vec<Job>>,
    /// Whether the card says whose it is.
    named: bool,
    /// Set to what is to be revoked.
    revoking: RwSignal<Option<Job>>,
    /// What is said of the last mail that could not be sent again.
    resending: Act,
) -> impl IntoView {
    let (id, identity) = job.with_untracked(|job| (job.id, job.identity));
    let add = AddPasskey::of_page();
    let name = Memo::new(move |_| job.with(|job| job.display_name.clone()));
    let state = Memo::new(move |_| job.with(|job| job.state));
    let reached = Memo::new(move |_| job.with(|job| job.reached));
    let passkey = Memo::new(move |_| job.with(|job| job.passkey));
    let updated = Memo::new(move |_| job.with(|job| job.updated_at.micros()));
    let expires = Memo::new(move |_| job.with(|job| job.expires_at.micros()));
    let asked =
        Memo::new(move |_| all.with(|all| job.with(|job| words::is_asked_for(job, all).then_some(job.link_requested_at)).flatten()));
    let new_link = move || add.open_for(identity, name.get_untracked());
    let addressed = Memo::new(move |_| job.with(|job| job.email.is_some()));
    let toasts = use_toasts();
    let send_again = move || {
        resending.run(move || resend(id), move |new| toasts.show(format!("Invitation to {} is on its way", new.email.unwrap_or_default())));
    };
    let of_whom = move || view! { <span class="sr-only">" of " {move || name.get()}</span> };
    let actions = move || {
        let act = move || match (state.get(), passkey.get()) {
            (State::Complete, Some(passkey)) => EitherOf3::A(view! {
                <LinkButton href=passkeys::href(identity, passkey) kind=ButtonKind::Quiet>"View passkey" {of_whom()}</LinkButton>
            }),
            (state, _) if state.is_open() && may(Permission::BindingJobsRevoke) => EitherOf3::B(view! {
                <Button kind=ButtonKind::Quiet on_click=move |_| revoking.set(Some(job.get_untracked()))>"Revoke" {of_whom()}</Button>
            }),
            _ => EitherOf3::C(()),
        };
        let again = move || {
            let state = state.get();
            let wanted = (state.is_open() || state == State::FailedToSend) && addressed.get() && may(Permission::BindingJobsCreate);
            wanted.then(|| view! { <Button kind=ButtonKind::Quiet disabled=resending.busy() on_click=move |_| send_again()>"Resend" {of_whom()}</Button> })
        };
        view! { {again} {act} }
    };
    let notice = move || {
        let asking = move || {
            asked.get().map(|at| {
                view! {
                    <Banner
                        tone=Tone::Accent
                        title="A new link was asked for"
                        action=move || {
                            let granted = addressed.get().then(|| {
                                view! { <Button icon=Glyph::Send disabled=resending.busy() on_click=move |_| send_again()>"Send a new link" {of_whom()}</Button> }
                            });
                            may(Permission::BindingJobsCreate).then(|| view! {
                                {granted}
                                <Button icon=Glyph::Passkey on_click=move |_| new_link()>"Add a passkey" {of_whom()}</Button>
                            })
                        }
                    >
                        <p><Time at=at.micros() /></p>
                    </Banner>
                }
            })
        };
        view! { {asking} }
    };
    view! {
        <RecordCard
            id=format!("job-{id}")
            name=Signal::derive(move || name.with(|name| format!("binding job of {name}")))
            lead=move || view! { <Track state=Signal::derive(move || words::track(state.get(), reached.get())) /> }
            aside=move || {
                view! {
                    <p>"Updated " <Time at=updated /></p>
                    {move || state.get().is_open().then(|| view! { <p>"Expires " <Time at=expires /></p> })}
                }
            }
            actions
            notice
            details=move || view! { <History job /> }
        >
            {named.then(|| view! {
                <p><a class="link" href=format!("/identities/{identity}")>{move || name.get()}</a></p>
            })}
            <p>{move || job.with(words::delivery)}</p>
            {move || {
                let end = words::end(state.get());
                if end.is_empty() { Either::Left(()) } else { Either::Right(view! { <p>{end}</p> }) }
            }}
        </RecordCard>
    }
}
