//! Passkeys: an identity's tab, and keeping the person's own password manager in step.

pub mod card;
pub mod dialogs;
pub mod server;
pub mod tab;

use domain::ceremony::Me;
use domain::{IdentityId, PasskeyId};
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use tab::PasskeysTab;

/// Where a passkey is on its person's page.
pub(crate) fn href(identity: IdentityId, passkey: PasskeyId) -> String {
    format!("/identities/{identity}/passkeys#passkey-{passkey}")
}

/// After a change to the signed-in person's own passkeys or names: their password manager hears what holds now, where
/// the browser can tell it.
pub(crate) fn keep_in_step(changed: IdentityId, me: Signal<Option<Me>>) {
    let own = me.try_get_untracked().flatten().is_some_and(|me| me.identity == changed);
    if own {
        spawn_local(async {
            if let Ok(accepted) = server::accepted().await {
                crate::webauthn::signal_accepted(&accepted).await;
            }
        });
    }
}
