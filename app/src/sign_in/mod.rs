//! Signing in: the page, and the way to it and back.

mod ceremony;
mod next;
pub mod page;
pub mod server;

pub use next::safe_next;
pub use page::SignInPage;

use crate::address::escaped;
use crate::browser;

/// Leaves for the sign-in page, which leads back here.
pub fn leave() {
    if !browser::path().starts_with(PATH) {
        browser::go(&format!("{PATH}?next={}", escaped(&browser::path_and_query())));
    }
}

/// The sign-in page's address.
pub const PATH: &str = "/sign-in";
