//! Adding a passkey for a person: the dialog that hands out a link and waits for what becomes of it.

use domain::IdentityId;
use domain::binding_job::State;
use domain::ceremony::NewLink;
use domain::listing::JobHistory;
use domain::permission::Permission;
use domain::shell::Commands;
use leptos::either::{Either, EitherOf3, EitherOf4};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use super::command::{CommandAsked, CommandBoxes};
use super::server::{create_link, invite, job_history, link_command};
use super::words;
use crate::browser;
use crate::console::may;
use crate::error::AppError;
use crate::identities::Current;
use crate::identities::server::identity;
use crate::live::use_changes;
use crate::passkeys;
use crate::remote::{Act, ErrorBanner};
use crate::ui::{Banner, Button, ButtonKind, CodeBox, Dialog, Glyph, LinkButton, QrCode, Time, Tone, Track, use_toasts};

/// For whom a passkey is being added; of the page around the caller.
#[derive(Clone, Copy)]
pub struct AddPasskey {
    open: RwSignal<bool>,
    person: RwSignal<Option<(IdentityId, String)>>,
}

impl AddPasskey {
    /// The page that has an [`AddPasskeyDialog`] provides it.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it makes signals, which belong to where it is called")]
    pub fn new() -> Self {
        Self { open: RwSignal::new(false), person: RwSignal::new(None) }
    }

    /// # Panics
    /// On a page without the dialog.
    #[must_use]
    pub fn of_page() -> Self {
        expect_context()
    }

    /// Opens the dialog for a person.
    pub fn open_for(self, id: IdentityId, name: String) {
        self.person.set(Some((id, name)));
        self.open.set(true);
    }
}

/// The button of an empty list on an identity's page.
#[component]
pub fn AddPasskeyButton() -> impl IntoView {
    let add = AddPasskey::of_page();
    let current = Current::of_page();
    let press = move |_| {
        if let Some(Ok(person)) = current.entry.get_untracked() {
            add.open_for(person.id, person.display_name);
        }
    };
    may(Permission::BindingJobsCreate).then(|| view! { <Button icon=Glyph::Passkey on_click=press>"Add a passkey"</Button> })
}

/// The dialog itself; once on a page.
#[component]
pub fn AddPasskeyDialog() -> impl IntoView {
    let AddPasskey { open, person } = AddPasskey::of_page();
    let act = Act::new();
    let made = RwSignal::new(None::<NewLink>);
    let done = RwSignal::new(false);
    let (mailing, way) = (Mailing::new(), RwSignal::new(Way::Asked));
    let commands = RwSignal::new(None::<Commands>);
    let toasts = use_toasts();
    let name = Memo::new(move |_| person.with(|person| person.as_ref().map(|(_, name)| name.clone()).unwrap_or_default()));
    Effect::new(move || {
        if open.get() {
            act.clear();
            made.set(None);
            done.set(false);
            way.set(Way::Asked);
            commands.set(None);
            if let Some((id, _)) = person.get_untracked() {
                mailing.begin(id);
            }
        }
    });
    // The way to the passkey leads out of the dialog, also where it stays on the page.
    let place = use_location();
    Effect::new(move |before: Option<(String, String)>| {
        let now = (place.pathname.get(), place.hash.get());
        if before.is_some_and(|before| before != now) {
            open.set(false);
        }
        now
    });
    let hand_out = move |()| {
        let Some((id, _)) = person.get_untracked() else { return };
        act.run(
            move || create_link(id),
            move |link| {
                made.set(Some(link));
                browser::focus_soon("#add-passkey-dialog .copy .button".to_owned());
            },
        );
    };
    // The link is nowhere else: only the button that says so closes the dialog over it.
    let shown = Memo::new(move |_| made.with(Option::is_some) && !done.get());
    let send = move || {
        let Some((id, _)) = person.get_untracked() else { return };
        act.run(
            move || invite(id),
            move |job| {
                open.set(false);
                toasts.show(format!("Invitation to {} is on its way", job.email.unwrap_or(job.display_name)));
            },
        );
    };
    let generate = move || {
        let Some((id, _)) = person.get_untracked() else { return };
        act.run(
            move || link_command(id),
            move |made| {
                commands.set(Some(made));
                browser::focus_soon("#add-passkey-dialog .copy .button".to_owned());
            },
        );
    };
    let submit = move |()| match way.get_untracked() {
        Way::Asked => hand_out(()),
        Way::Mail => send(),
        Way::Api => generate(),
    };
    let choose = move |chosen| {
        act.clear();
        way.set(chosen);
    };
    let ended = Memo::new(move |_| made.with(Option::is_some) || commands.with(Option::is_some));
    let footer = move || {
        let back = move || view! { <Button disabled=act.busy() on_click=move |_| choose(Way::Asked)>"Back"</Button> };
        move || match way.get() {
            _ if ended.get() => EitherOf4::A(view! { <Button kind=ButtonKind::Primary on_click=move |_| open.set(false)>"Done"</Button> }),
            Way::Mail => EitherOf4::B(view! {
                {back()}
                <Button kind=ButtonKind::Primary r#type="submit" icon=Glyph::Send busy=act.busy()>"Proceed & send email"</Button>
            }),
            Way::Api => EitherOf4::C(view! {
                {back()}
                <Button kind=ButtonKind::Primary r#type="submit" icon=Glyph::Token busy=act.busy()>"Generate curl"</Button>
            }),
            Way::Asked => EitherOf4::D(view! {
                <Button r#type="submit" icon=Glyph::Qr busy=act.busy()>"Show the link and a QR code"</Button>
                <Button
                    kind=ButtonKind::Primary
                    icon=Glyph::Mail
                    disabled=Signal::derive(move || act.busy().get() || mailing.address.with(Option::is_none))
                    on_click=move |_| choose(Way::Mail)
                >
                    "Send an email to the user"
                </Button>
            }),
        }
    };
    view! {
        <Dialog
            id="add-passkey-dialog"
            open
            title=Signal::derive(move || format!("Add a passkey for {}", name.get()))
            may_close=Signal::derive(move || !act.busy().get() && !shown.get())
            on_submit=submit
            footer
        >
            {move || match (made.get(), commands.get()) {
                (Some(link), _) => view! { <Waiting link name done /> }.into_any(),
                (None, Some(commands)) => view! { <CommandBoxes commands name /> }.into_any(),
                (None, None) => view! {
                    <div class="prose">
                        {move || match way.get() {
                            Way::Asked => EitherOf3::A(view! { <Choice mailing person busy=act.busy() on_api=move |()| choose(Way::Api) /> }),
                            Way::Mail => EitherOf3::B(view! { <MailAsked mailing /> }),
                            Way::Api => EitherOf3::C(view! { <CommandAsked name /> }),
                        }}
                    </div>
                    {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
                }
                .into_any(),
            }}
        </Dialog>
    }
}

/// How the link gets to the person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Still to be chosen; to show it at the desk needs no further question.
    Asked,
    Mail,
    Api,
}

/// Sending the link by mail: to which address.
#[derive(Clone, Copy)]
struct Mailing {
    /// `None` where there is none, or as long as it is not known.
    address: RwSignal<Option<String>>,
    known: RwSignal<bool>,
    /// Whose address is asked for: an answer about somebody else is for nothing.
    of: StoredValue<Option<IdentityId>>,
    trouble: RwSignal<Option<AppError>>,
}

impl Mailing {
    fn new() -> Self {
        Self { address: RwSignal::new(None), known: RwSignal::new(false), of: StoredValue::new(None), trouble: RwSignal::new(None) }
    }

    /// Asks for the address on file.
    fn begin(self, id: IdentityId) {
        self.address.set(None);
        self.known.set(false);
        self.trouble.set(None);
        self.of.set_value(Some(id));
        spawn_local(async move {
            let answer = identity(id, false).await;
            if self.of.try_get_value() != Some(Some(id)) {
                return;
            }
            match answer {
                Ok(person) => {
                    self.address.try_set(person.email);
                    self.known.try_set(true);
                }
                Err(error) => {
                    self.trouble.try_set(Some(error));
                }
            }
        });
    }
}

#[component]
fn Choice(
    mailing: Mailing,
    person: RwSignal<Option<(IdentityId, String)>>,
    busy: Signal<bool>,
    #[prop(into)] on_api: Callback<()>,
) -> impl IntoView {
    let missing = move || mailing.known.get() && mailing.address.with(Option::is_none);
    let edit = move || person.with(|person| person.as_ref().map(|(id, _)| format!("/identities/{id}/edit")));
    view! {
        <p>
            "The person opens a link on the device of their choice and confirms with fingerprint, face or screen lock. \
            Mail it to them, or show it to whoever stands at the desk."
        </p>
        {move || {
            mailing.trouble.get().map(|error| {
                let again = move |()| {
                    if let Some(Some(id)) = mailing.of.try_get_value() {
                        mailing.begin(id);
                    }
                };
                view! { <ErrorBanner error on_retry=again /> }
            })
        }}
        {move || missing().then(|| view! {
            <p class="muted">"There is no e-mail address on file. " <a class="link" href=edit>"Add one"</a> " to send the link by mail."</p>
        })}
        <p>"Or let a program of yours bring it to them."</p>
        <Button icon=Glyph::Token disabled=busy on_click=move |_| on_api.run(())>"Generate a link with the API"</Button>
    }
}

#[component]
fn MailAsked(mailing: Mailing) -> impl IntoView {
    view! {
        <p>"A mail with a link of its own goes to " <strong>{move || mailing.address.get()}</strong> ". The link works once, and not before the person opens it themselves."</p>
        <p>"The binding job shows when it was sent, and how far the person has come."</p>
    }
}

/// The link, and how far the person has come with it.
#[component]
fn Waiting(link: NewLink, name: Memo<String>, done: RwSignal<bool>) -> impl IntoView {
    let (id, identity) = (link.job.id, link.job.identity);
    let history = RwSignal::new(None::<JobHistory>);
    let changes = use_changes(Some(identity));
    Effect::new(move || {
        if changes.get() == 0 {
            return;
        }
        spawn_local(async move {
            if let Ok(read) = job_history(id, true).await {
                history.try_set(Some(read));
            }
        });
    });
    let state =
        Memo::new(move |_| history.with(|history| history.as_ref().and_then(|history| history.steps.last()).map(|step| step.state)));
    let state = Memo::new(move |_| state.get().unwrap_or(State::LinkSent));
    let reached = Memo::new(move |_| {
        history.with(|history| {
            let steps = history.iter().flat_map(|history| &history.steps).rev();
            steps.map(|step| step.state).find(|state| state.is_open()).unwrap_or(State::LinkSent)
        })
    });
    Effect::new(move || done.set(!state.get().is_open()));
    let link = StoredValue::new(link);
    view! {
        <Track state=Signal::derive(move || words::track(state.get(), reached.get())) />
        {move || {
            if state.get().is_open() {
                view! { <Handout link name /> }.into_any()
            } else {
                view! { <Outcome identity state name history /> }.into_any()
            }
        }}
    }
}

#[component]
fn Handout(link: StoredValue<NewLink>, name: Memo<String>) -> impl IntoView {
    let (text, qr, ends) = link.with_value(|link| (link.link.clone(), link.qr.clone(), link.job.expires_at.micros()));
    view! {
        <div class="prose">
            <p>{move || format!("Shown once: copy it now. Anyone who has it can add a passkey for {}.", name.get())}</p>
        </div>
        <CodeBox text label="Copy link" />
        <div class="handout">
            <QrCode svg=qr label="QR code of the link" />
            <p class="muted">"Scan it with the phone’s camera. The link ends " <Time at=ends /> "."</p>
        </div>
    }
}

/// How it ended.
#[component]
fn Outcome(identity: IdentityId, state: Memo<State>, name: Memo<String>, history: RwSignal<Option<JobHistory>>) -> impl IntoView {
    let passkey = move || history.with(|history| history.as_ref().and_then(|history| history.passkey.as_ref().map(|passkey| passkey.id)));
    let added = move || {
        let steps = history.with(|history| history.as_ref().map(|history| history.steps.clone()).unwrap_or_default());
        words::added(&name.get(), &steps)
    };
    move || match added() {
        Some(title) => Either::Left(view! {
            <Banner
                tone=Tone::Success
                title
                action=move || passkey().map(|passkey| view! { <LinkButton href=passkeys::href(identity, passkey)>"View passkey"</LinkButton> })
            />
        }),
        None => Either::Right(view! { <Banner title=words::end(state.get()) /> }),
    }
}
