//! How a page reads from the server and acts on it: what was read stays while it is read again, and what went wrong is
//! said in place.

mod act;
pub mod loaded;
pub mod paged;

use std::future::Future;

use domain::IdentityId;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AppError;
use crate::live::use_changes;

pub use act::Act;
pub use loaded::{ErrorBanner, Loaded};
pub use paged::{Older, Paged, Pages};

/// What a server function answered.
pub type Remote<T> = Resource<Result<T, AppError>>;

/// Reads again when the source changes, or when something within the scope did: of that identity, or with `None` anything
/// in the realm.
///
/// `fetch` learns whether the page asks by itself: such a read does not keep the person's session from ending.
pub fn live_resource<S, T, F>(
    scope: Option<IdentityId>,
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S, bool) -> F + Send + Sync + 'static,
) -> Remote<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let changes = use_changes(scope);
    let heard = StoredValue::new(changes.get_untracked());
    Resource::new_blocking(
        move || (source(), changes.get()),
        move |(source, now)| {
            let live = heard.try_get_value().is_some_and(|before| before != now);
            heard.try_set_value(now);
            fetch(source, live)
        },
    )
}

/// What is made of an answer of the server; `make` gets what it made before.
///
/// In the browser a memo. On the server it is made anew at each look: there, an answer may arrive on another thread while
/// a memo looks for it, the memo would never hear of it, and the page would be written as if there were none.
pub fn remembered<T, F>(make: F) -> Signal<T>
where
    T: PartialEq + Send + Sync + 'static,
    F: Fn(Option<&T>) -> T + Send + Sync + 'static,
{
    #[cfg(feature = "ssr")]
    let signal = Signal::derive(move || make(None));
    #[cfg(not(feature = "ssr"))]
    let signal = Memo::new(make).into();
    signal
}
