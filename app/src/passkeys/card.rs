//! One passkey.

use domain::permission::Permission;
use domain::record::Passkey;
use domain::{PasskeyId, Timestamp};
use leptos::prelude::*;

use crate::console::may;
use crate::ui::{Button, ButtonKind, Glyph, Icon, RecordCard, Status as Chip, StatusChip, Time};

/// Name, kind, times; what can be done with an active one, why a revoked one was revoked.
#[component]
pub(super) fn PasskeyCard(
    passkey: Signal<Passkey>,
    marked: Memo<Option<PasskeyId>>,
    /// Set to what is to be renamed.
    renaming: RwSignal<Option<Passkey>>,
    /// Set to what is to be revoked.
    revoking: RwSignal<Option<Passkey>>,
) -> impl IntoView {
    let id = passkey.with_untracked(|passkey| passkey.id);
    let active = passkey.with_untracked(|passkey| passkey.revoked.is_none());
    let name = Memo::new(move |_| passkey.with(|passkey| passkey.name.clone()));
    let synced = Memo::new(move |_| passkey.with(|passkey| passkey.synced));
    let used = Memo::new(move |_| passkey.with(|passkey| passkey.last_used_at.map(Timestamp::micros)));
    let created = Memo::new(move |_| passkey.with(|passkey| passkey.created_at.micros()));
    let kind = move || if synced.get() { Chip::Synced } else { Chip::DeviceBound };
    let actions = move || {
        let rename = (active && may(Permission::CredentialsUpdate)).then(|| {
            view! {
                <Button kind=ButtonKind::Quiet on_click=move |_| renaming.set(Some(passkey.get_untracked()))>
                    "Rename" <span class="sr-only">" " {move || name.get()}</span>
                </Button>
            }
        });
        let revoke = (active && may(Permission::CredentialsRevoke)).then(|| {
            view! {
                <Button kind=ButtonKind::Quiet on_click=move |_| revoking.set(Some(passkey.get_untracked()))>
                    "Revoke" <span class="sr-only">" " {move || name.get()}</span>
                </Button>
            }
        });
        view! { {rename} {revoke} }
    };
    view! {
        <RecordCard
            id=format!("passkey-{id}")
            name
            marked=Signal::derive(move || marked.get() == Some(id))
            lead=move || {
                view! {
                    <span class="passkey">
                        <span class="passkey__icon"><Icon name=Glyph::Passkey /></span>
                        <span class="passkey__name">{move || name.get()}</span>
                    </span>
                }
            }
            aside=move || {
                view! {
                    <p>"Created " <Time at=created /></p>
                    <p>
                        {move || match used.get() {
                            Some(at) => view! { "Last used " <Time at /> }.into_any(),
                            None => "Never used".into_any(),
                        }}
                    </p>
                }
            }
            actions
        >
            <StatusChip status=Signal::derive(kind) />
            {move || passkey.with(|passkey| passkey.revoked.clone()).map(|revoked| {
                let reason = (!revoked.reason.is_empty()).then(|| format!(": {}", revoked.reason));
                view! { <p>"Revoked " <Time at=revoked.at.micros() /> {reason}</p> }
            })}
        </RecordCard>
    }
}
