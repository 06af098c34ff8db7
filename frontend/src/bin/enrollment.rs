//! The enrollment page in the browser.

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::enrollment::EnrollmentApp);
    app::browser::mark_hydrated();
}
