//! Taking a link back.

use domain::record::Job;
use leptos::prelude::*;

use super::server::revoke_job;
use crate::remote::Act;
use crate::ui::{ConfirmDialog, use_toasts};

/// Asks before the link of a job is revoked.
#[component]
pub(super) fn RevokeDialog(job: RwSignal<Option<Job>>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(false);
    let act = Act::new();
    let toasts = use_toasts();
    Effect::new(move || {
        if job.with(Option::is_some) {
            act.clear();
            open.set(true);
        }
    });
    // The next press opens it again, for the same job, too.
    Effect::new(move || {
        if !open.get() {
            job.set(None);
        }
    });
    let name = move || job.with(|job| job.as_ref().map(|job| job.display_name.clone()).unwrap_or_default());
    let confirm = move |()| {
        let Some(id) = job.with_untracked(|job| job.as_ref().map(|job| job.id)) else { return };
        act.run(
            move || revoke_job(id),
            move |revoked| {
                open.set(false);
                toasts.show(format!("Link of {} revoked", revoked.display_name));
                on_done.run(());
            },
        );
    };
    view! {
        <ConfirmDialog
            id="revoke-job"
            open
            title=Signal::derive(move || format!("Revoke the link of {}", name()))
            verb="Revoke link"
            danger=true
            busy=act.busy()
            error=act.words()
            on_confirm=confirm
        >
            <p>"The link leads nowhere from then on. Passkeys that exist stay as they are."</p>
        </ConfirmDialog>
    }
}
