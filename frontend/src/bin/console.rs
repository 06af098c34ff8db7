//! The console in the browser.

// The type of a page is the whole of its tree.
#![recursion_limit = "512"]

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::routes::App);
    app::browser::mark_hydrated();
}
