//! Signing in: the page, and the way to it and back.

mod ceremony;
mod next;
pub mod page;
pub mod server;

pub use next::safe_next;
pub use page::SignInPage;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use leptos::prelude::set_timeout;

use crate::address::escaped;
use crate::browser;
use crate::error::AppError;
use crate::webauthn::{self, Cancel, Mediation};

/// The person is signing out: it is no surprise that the session ends.
static SIGNING_OUT: AtomicBool = AtomicBool::new(false);

/// The sign-in page is on its way.
static LEAVING: AtomicBool = AtomicBool::new(false);

/// After this time a sign-in page that did not come is asked for again.
const ARRIVES_WITHIN: Duration = Duration::from_secs(5);

/// Leaves for the sign-in page, which leads back here.
///
/// The end of a session is heard in several ways within one moment; a second departure would break off the first.
pub fn leave() {
    if browser::path().starts_with(PATH) || SIGNING_OUT.load(Ordering::Relaxed) || LEAVING.swap(true, Ordering::Relaxed) {
        return;
    }
    set_timeout(|| LEAVING.store(false, Ordering::Relaxed), ARRIVES_WITHIN);
    browser::go(&format!("{PATH}?next={}", escaped(&browser::path_and_query())));
}

/// Ends the session and leaves for the sign-in page, which does not lead back: somebody else may be next.
pub async fn sign_out() -> Result<(), AppError> {
    SIGNING_OUT.store(true, Ordering::Relaxed);
    let done = server::sign_out().await;
    match &done {
        Ok(()) => browser::go(PATH),
        Err(_) => SIGNING_OUT.store(false, Ordering::Relaxed),
    }
    done
}

/// Has the person use their passkey once more, for an act that asks for it.
pub async fn confirm() -> Result<(), AppError> {
    let ceremony = server::begin_sign_in().await?;
    match webauthn::get(&ceremony.options, Mediation::Dialog, &Cancel::default()).await {
        Ok(answer) => server::confirm(ceremony.id, answer.json).await,
        Err(_) => Err(AppError::new("touch_needed", "This needs your passkey once more. Nothing has changed; try again and confirm.")),
    }
}

/// The sign-in page's address.
pub const PATH: &str = "/sign-in";
