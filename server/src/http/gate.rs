//! The console's door: who is signed out goes to sign in and comes back, who is signed in has nothing to do there.

use app::address::{escaped, pairs};
use app::sign_in::{self, safe_next};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, Uri, header};
use service::{Actor, Context};

use crate::http::refusal::Refusal;

pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if names_a_file(uri.path()) {
        return Refusal::not_found().into_response();
    }
    let signed_in = request.extensions().get::<Context>().is_some_and(|context| matches!(context.actor(), Actor::Person { .. }));
    match (uri.path() == sign_in::PATH, signed_in) {
        (true, true) => see_other(&way_on(uri)),
        (false, false) => see_other(&way_in(uri)),
        _ => next.run(request).await,
    }
}

/// No page's address ends in a dot and letters. Browsers ask for such files by themselves: they need no sign-in page.
fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

/// The sign-in page, which leads back to this address.
fn way_in(uri: &Uri) -> String {
    match uri.path_and_query().map_or("/", |address| address.as_str()) {
        "/" => sign_in::PATH.to_owned(),
        address => format!("{}?next={}", sign_in::PATH, escaped(address)),
    }
}

/// The address that the sign-in page leads to.
fn way_on(uri: &Uri) -> String {
    let next = pairs(uri.query().unwrap_or_default()).find(|(name, _)| name == "next").map(|(_, next)| next);
    safe_next(next.as_deref()).to_owned()
}

fn see_other(address: &str) -> Response {
    // Other than ASCII no address of ours is.
    let location = address.is_ascii().then(|| HeaderValue::from_str(address).ok()).flatten();
    (StatusCode::SEE_OTHER, [(header::LOCATION, location.unwrap_or(HeaderValue::from_static("/")))]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_in_leads_back() {
        for address in ["/identities", "/identities?q=zo%C3%AB&sort=name", "/identities/0000000000000001/passkeys"] {
            let way_in: Uri = way_in(&address.parse().unwrap()).parse().unwrap();
            assert_eq!(way_in.path(), "/sign-in");
            assert_eq!(way_on(&way_in), address);
        }
        assert_eq!(way_in(&"/".parse().unwrap()), "/sign-in");
    }

    #[test]
    fn the_way_on_leads_nowhere_else() {
        for address in ["/sign-in", "/sign-in?next=", "/sign-in?next=https://evil.example", "/sign-in?next=%2F%2Fevil.example"] {
            assert_eq!(way_on(&address.parse().unwrap()), "/", "{address}");
        }
        assert_eq!(see_other("/zoë").headers()[header::LOCATION], "/");
        assert_eq!(see_other("/a\r\nset-cookie: x").headers()[header::LOCATION], "/");
    }

    #[test]
    fn files_are_told_from_pages() {
        assert!(names_a_file("/favicon.ico") && names_a_file("/a/b.map"));
        assert!(!names_a_file("/identities/0000000000000001") && !names_a_file("/") && !names_a_file("/a.b/c"));
    }
}
