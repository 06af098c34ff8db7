//! One administrator: by what they enter, their passkeys, and their sessions.

use domain::administrator::{Administrator, Entry, Session};
use domain::permission::Permission;
use leptos::prelude::*;

use super::server::{end_session, end_sessions};
use crate::console::may;
use crate::remote::Act;
use crate::ui::{Avatar, Button, ButtonKind, Chip, Each, Glyph, RecordCard, Time, Tone, use_toasts};

/// Whether and why somebody gets in: a chip, and a sentence.
fn entry(entry: Entry) -> (Tone, Glyph, &'static str, String) {
    match entry {
        Entry::ByRule(position) => (Tone::Success, Glyph::Check, "Can enter", format!("Rule {} of the policy lets them in.", position + 1)),
        Entry::NoPasskey => (Tone::Warning, Glyph::Passkey, "No passkey", "They have no passkey to sign in with.".to_owned()),
        Entry::Suspended => (Tone::Warning, Glyph::Pause, "Suspended", "The identity is suspended.".to_owned()),
        Entry::Denied => (Tone::Danger, Glyph::Close, "Denied", "The policy lets none of their passkeys in.".to_owned()),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

#[component]
pub(super) fn AdministratorCard(person: Signal<Administrator>, act: Act, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let id = person.with_untracked(|person| person.id);
    let name = Memo::new(move |_| person.with(|person| person.display_name.clone()));
    let state = Memo::new(move |_| person.with(|person| entry(person.entry).2.to_owned()));
    let tone = Signal::derive(move || person.with(|person| entry(person.entry).0));
    let icon = Signal::derive(move || person.with(|person| Some(entry(person.entry).1)));
    let roles = move || person.with(|person| person.roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(", "));
    let why = move || person.with(|person| format!("{} by membership of {}. {}", roles(), person.groups.join(", "), entry(person.entry).3));
    let holds = move || {
        person.with(|person| {
            let sessions = counted(person.sessions.len(), "session", "sessions");
            format!("{}, {sessions}", counted(person.passkeys.len(), "passkey", "passkeys"))
        })
    };
    let lead = move || {
        view! {
            <span class="passkey">
                <Avatar name />
                <span class="passkey__name">
                    <a class="link" href=format!("/identities/{id}")>{name}</a>
                    <span class="td__sub">{move || person.with(|person| person.username.clone())}</span>
                </span>
            </span>
        }
    };
    let aside = move || view! { <Chip tone icon label=state /> };
    let details = move || {
        view! {
            <section><Passkeys person /></section>
            <section><Sessions person act on_done /></section>
        }
    };
    view! {
        <RecordCard id=format!("administrator-{id}") name lead aside details>
            <p>{why}</p>
            <p class="muted">{holds}</p>
        </RecordCard>
    }
}

#[component]
fn Passkeys(person: Signal<Administrator>) -> impl IntoView {
    let passkeys = move || {
        let listed = person.with(|person| person.passkeys.clone()).into_iter().map(|passkey| {
            let kind = if passkey.synced { "synced" } else { "bound to one device" };
            view! { <li>{passkey.name} <span class="muted">", " {kind}</span></li> }
        });
        listed.collect_view()
    };
    view! {
        <h2 class="records__title">"Passkeys"</h2>
        <ul class="plain-list">{passkeys}</ul>
        <p><a class="link" href=move || person.with(|person| format!("/identities/{}/passkeys", person.id))>"Manage passkeys"</a></p>
    }
}

#[component]
fn Sessions(person: Signal<Administrator>, act: Act, on_done: Callback<()>) -> impl IntoView {
    let sessions = Memo::new(move |_| person.with(|person| person.sessions.clone()));
    let some = Memo::new(move |_| sessions.with(|sessions| !sessions.is_empty()));
    let toasts = use_toasts();
    let end_all = move |_| {
        let id = person.with_untracked(|person| person.id);
        act.run(
            move || end_sessions(id),
            move |ended| {
                toasts.show(format!("{} ended", counted(usize::try_from(ended).unwrap_or(0), "session", "sessions")));
                on_done.run(());
            },
        );
    };
    let all = move || {
        (some.get() && may(Permission::AdministratorsUpdate))
            .then(|| view! { <Button kind=ButtonKind::Danger disabled=act.busy() on_click=end_all>"End all sessions"</Button> })
    };
    view! {
        <h2 class="records__title">"Sessions"</h2>
        {move || (!some.get()).then(|| view! { <p class="muted">"Not signed in anywhere."</p> })}
        <ul class="sessions">
            <Each items=sessions key=|session: &Session| session.id let(session)>
                <SessionLine session act on_done />
            </Each>
        </ul>
        {all}
    }
}

#[component]
fn SessionLine(session: Signal<Session>, act: Act, on_done: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let end = move |_| {
        let id = session.with_untracked(|session| session.id);
        act.run(
            move || end_session(id),
            move |()| {
                toasts.show("Session ended");
                on_done.run(());
            },
        );
    };
    let device =
        move || session.with(|session| if session.device.is_empty() { "Unknown browser".to_owned() } else { session.device.clone() });
    let address = move || session.with(|session| session.address.clone());
    let current = move || session.with(|session| session.current).then(|| view! { <Chip tone=Tone::Accent label="This one" /> });
    let button = may(Permission::AdministratorsUpdate).then(|| {
        view! { <Button kind=ButtonKind::Quiet disabled=act.busy() on_click=end>"End" <span class="sr-only">{device}</span></Button> }
    });
    view! {
        <li class="session">
            <span>{device} " " {current}</span>
            <span class="muted">
                {address} ", last seen " <Time at=Signal::derive(move || session.with(|session| session.last_seen_at.micros())) />
            </span>
            {button}
        </li>
    }
}
