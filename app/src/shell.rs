//! The HTML documents around the two programs: what the browser needs before, and instead of, the script.

use axum::http::header;
use axum::http::request::Parts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::console::may::{META, spelled};
use crate::enrollment::EnrollmentApp;
use crate::routes::App;

/// What the server knows when it renders a document.
#[derive(Clone, Debug)]
pub struct ShellOptions {
    /// The folder below `/pkg` with the files that this build of the site is made of.
    pub build_id: String,
    /// Where the news stood before anything on the page was read.
    pub live_since: String,
}

/// The console's document.
pub fn console(options: &ShellOptions) -> impl IntoView + use<> {
    let context = use_context::<service::Context>();
    let permissions = context.as_ref().map(|context| spelled(context.permissions()));
    let realm = context.and_then(|context| context.realm()).map(|realm| realm.to_string());
    let more = view! {
        <meta name="live-since" content=options.live_since.clone() />
        <meta name=META content=permissions />
        <meta name="realm" content=realm />
    };
    document(&options.build_id, "console", more, App)
}

/// The enrollment page's document. Its address holds the link: nothing may learn it from a search engine or a referrer.
pub fn enrollment(options: &ShellOptions) -> impl IntoView + use<> {
    let more = view! {
        <title>"Create your passkey"</title>
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
    };
    document(&options.build_id, "enrollment", more, EnrollmentApp)
}

/// The enrollment page's document as a picture of itself: without its program.
pub fn enrollment_sample(options: &ShellOptions) -> impl IntoView + use<> {
    let style = style(&options.build_id);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>"The enrollment page"</title>
                <link rel="stylesheet" href=style />
            </head>
            <body class="sample"><EnrollmentApp /></body>
        </html>
    }
}

fn style(build_id: &str) -> String {
    format!("/pkg/{build_id}/app.css")
}

fn document<Head, Page>(build_id: &str, program: &str, head: Head, page: fn() -> Page) -> impl IntoView + use<Head, Page>
where
    Head: IntoView + 'static,
    Page: IntoView + 'static,
{
    let style = style(build_id);
    let script = format!("/pkg/{build_id}/{program}.js");
    let wasm = format!("/pkg/{build_id}/{program}_bg.wasm");
    let start = start(&script, &wasm);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {head}
                <link rel="stylesheet" href=style />
                <link rel="preload" href="/fonts/inter-latin.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous" />
                <link rel="modulepreload" href=script />
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                <script r#type="module" nonce=use_nonce() inner_html=start></script>
            </head>
            <body>
                {page()}
                <p class="load-failed" role="alert" hidden>
                    "This page could not be loaded whole. Check the connection, then load it again."
                </p>
            </body>
        </html>
    }
}

/// Starts the program. Where it cannot be loaded, the page says so instead of waiting in silence.
fn start(script: &str, wasm: &str) -> String {
    format!(
        "import(\"{script}\").then((program) => program.default({{ module_or_path: \"{wasm}\" }}))\
         .catch((error) => {{ console.error(error); document.querySelector(\".load-failed\").hidden = false; }});"
    )
}

/// The theme that the person chose, from the cookie that the switch writes.
fn theme() -> Option<&'static str> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    chosen_theme(cookies.flat_map(|cookies| cookies.split(';')))
}

fn chosen_theme<'a>(mut cookies: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    cookies.find_map(|cookie| match cookie.trim().strip_prefix("theme=")? {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_theme_is_one_of_two_or_none() {
        let theme = |cookies: &str| chosen_theme(cookies.split(';'));
        assert_eq!(theme("session=x; theme=dark"), Some("dark"));
        assert_eq!(theme("theme=light"), Some("light"));
        assert_eq!(theme("theme=\"><script>"), None);
        assert_eq!(theme("mytheme=dark"), None);
        assert_eq!(theme(""), None);
    }
}
