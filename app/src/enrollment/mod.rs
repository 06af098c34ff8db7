//! The enrollment page: what a person sees who follows a link, until the passkey is stored.
//!
//! A program of its own, and a small one: phones load it over slow networks. Neither the router nor anything else of the
//! console is in it, its parts are the same at every stage and only say or hide something else, and what it begins with
//! is one flat value that the server wrote.

pub mod page;
mod seen;
pub mod server;
mod shown;
mod stage;
mod way;
mod words;

#[cfg(feature = "ssr")]
use domain::branding::Appearance;
#[cfg(feature = "ssr")]
use domain::ceremony::LinkView;
use leptos::prelude::*;

use page::Page;
use seen::Seen;

#[cfg(feature = "ssr")]
use crate::ui::Brand;

/// The link's secret: the address is the only place where it stands.
fn token() -> String {
    address().strip_prefix("/enroll/").unwrap_or_default().to_owned()
}

#[cfg(feature = "ssr")]
fn address() -> String {
    use_context::<axum::http::request::Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
fn address() -> String {
    crate::browser::path()
}

/// The whole of the page. The server looks at the link, without any effect, and writes all words; or it shows a sample, which
/// is then in its context.
#[cfg(feature = "ssr")]
#[component]
pub fn EnrollmentApp() -> impl IntoView {
    Suspend::new(async {
        let view = match use_context::<LinkView>() {
            Some(sample) => Ok(sample),
            None => server::view_link(token()).await,
        };
        let unknown = |_| (Appearance { organization: "Keyroll".to_owned(), ..Appearance::default() }, None);
        let (appearance, state) = view.map_or_else(unknown, |view| (view.appearance, Some(view.state)));
        let seen = Seen::of(&appearance, state);
        crate::context::set_status(seen.status());
        let brand = view! { <Brand appearance /> }.to_html();
        view! { <Page seen=SharedValue::new(|| seen).into_inner() brand /> }
    })
}

/// The whole of the page, as the server wrote it. Waiting for nothing, it needs nothing of what waits.
#[cfg(not(feature = "ssr"))]
#[component]
pub fn EnrollmentApp() -> impl IntoView {
    view! { <Page seen=SharedValue::new(Seen::default).into_inner() brand=String::new() /> }
}
