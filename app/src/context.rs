//! What a server function finds around it: who asks, and where the answer's head is written.
//!
//! The router provides a [`service::Context`] for each request, of a signed-in person or of nobody.

use axum::http::{HeaderValue, StatusCode, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use service::{Context, SESSION_LIFETIME, Secret};

use crate::error::AppError;

/// Whoever asks.
pub fn context() -> Result<Context, AppError> {
    use_context::<Context>().ok_or_else(|| AppError::new("internal", "Keyroll could not do this just now. Try again in a moment."))
}

/// Whoever asks. A page that refetches by itself does not keep its session from ending.
pub async fn asked(live: bool) -> Result<Context, AppError> {
    let context = context()?;
    if !live {
        context.touch_session().await?;
    }
    Ok(context)
}

/// Sets the status of the answer.
pub fn set_status(status: u16) {
    if let (Some(options), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        options.set_status(status);
    }
}

impl From<service::Error> for AppError {
    /// The source goes to the log, the words to the browser.
    fn from(error: service::Error) -> Self {
        if error.status() >= 500 {
            tracing::error!(error = &error as &dyn std::error::Error, "a use case failed");
        }
        set_status(error.status());
        if let (Some(seconds), Some(options)) = (error.retry_after(), use_context::<ResponseOptions>()) {
            options.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let request_id = use_context::<Context>().map(|context| context.request().id.clone()).unwrap_or_default();
        Self { code: error.code().to_owned(), words: error.words(), fields: error.fields().to_vec(), request_id }
    }
}

const PLAIN_COOKIE: &str = "session";
const SECURE_COOKIE: &str = "__Host-session";

/// The session cookie's name; the prefix binds it to this host, which browsers allow over TLS only.
#[must_use]
pub fn session_cookie_name(secure: bool) -> &'static str {
    if secure { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// Signs the browser in.
pub fn set_session(token: &Secret, secure: bool) {
    write_cookie(token.reveal(), SESSION_LIFETIME.micros() / 1_000_000, secure);
}

/// Signs the browser out.
pub fn clear_session(secure: bool) {
    write_cookie("", 0, secure);
}

fn write_cookie(value: &str, seconds: i64, secure: bool) {
    let name = session_cookie_name(secure);
    let flag = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{flag}");
    if let (Some(options), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        options.append_header(header::SET_COOKIE, cookie);
    }
}
