//! What an unfolded binding job shows: its steps and its passkey. Read when it is unfolded, in the browser only.

use domain::listing::JobHistory;
use domain::record::{Job, Passkey};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::server::job_history;
use super::words;
use crate::error::AppError;
use crate::live::connection;
use crate::remote::ErrorBanner;
use crate::ui::{Definition, DefinitionList, Spinner, Status as Chip, StatusChip, Time, Timeline};

/// A job's history, read again whenever the job moves on.
#[component]
pub(super) fn History(job: Signal<Job>) -> impl IntoView {
    let history = RwSignal::new(None::<JobHistory>);
    let error = RwSignal::new(None::<AppError>);
    let read = move |live: bool| {
        let id = job.with_untracked(|job| job.id);
        spawn_local(async move {
            match job_history(id, live).await {
                Ok(read) => {
                    history.try_set(Some(read));
                    error.try_set(None);
                }
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    let moved = Memo::new(move |_| job.with(|job| (job.state, job.updated_at)));
    Effect::new(move |before: Option<()>| {
        // Read, not only tracked: a memo that nobody has read follows nothing yet.
        moved.get();
        read(before.is_some());
    });
    // What could not be read for want of a connection is read once there is one.
    let connected = connection();
    Effect::new(move || {
        if connected.get() && error.with_untracked(Option::is_some) {
            read(true);
        }
    });
    let delivery = job.with_untracked(|job| job.delivery);
    let items = Memo::new(move |_| {
        history.with(|history| history.as_ref().map(|history| words::timeline(&history.steps, delivery)).unwrap_or_default())
    });
    let passkey = Memo::new(move |_| history.with(|history| history.as_ref().and_then(|history| history.passkey.clone())));
    let waiting = Memo::new(move |_| history.with(Option::is_none) && error.with(Option::is_none));
    view! {
        <div class="stack">
            {move || waiting.get().then(|| view! { <Spinner /> })}
            {move || error.get().map(|error| view! { <ErrorBanner error on_retry=move |()| read(false) /> })}
            <Timeline label="History" items />
            {move || {
                let said = history.with(|history| history.as_ref().and_then(|history| history.mail.as_ref().map(|mail| mail.words.clone())));
                said.filter(|words| !words.is_empty()).map(|words| view! { <p class="muted">{words}</p> })
            }}
        </div>
        {move || passkey.get().map(|passkey| view! { <Made passkey /> })}
    }
}

/// The passkey that came of it.
#[component]
fn Made(passkey: Passkey) -> impl IntoView {
    let kind = if passkey.synced { Chip::Synced } else { Chip::DeviceBound };
    let used = match passkey.last_used_at {
        Some(at) => view! { <Time at=at.micros() /> }.into_any(),
        None => "Never".into_any(),
    };
    view! {
        <DefinitionList>
            <Definition label="Passkey">{passkey.name}</Definition>
            <Definition label="Kind"><StatusChip status=kind /></Definition>
            <Definition label="Created"><Time at=passkey.created_at.micros() /></Definition>
            <Definition label="Last used">{used}</Definition>
            {passkey.revoked.map(|revoked| view! { <Definition label="Revoked"><Time at=revoked.at.micros() /></Definition> })}
        </DefinitionList>
    }
}
