//! Server functions of the enrollment page. Whoever holds the link may call them; nobody is signed in.

use domain::ceremony::{Ceremony, Enrolled, LinkView};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// What the link leads to; without any effect.
#[server(input = Json, endpoint = "enrollment/view")]
pub async fn view_link(token: String) -> Result<LinkView, AppError> {
    Ok(crate::context::context()?.view_link(&token).await?)
}

/// The person's browser shows the page.
#[server(input = Json, endpoint = "enrollment/open")]
pub async fn open_link(token: String) -> Result<(), AppError> {
    Ok(crate::context::context()?.open_link(&token).await?)
}

/// Hands out the creation options.
#[server(input = Json, endpoint = "enrollment/begin")]
pub async fn begin_enrollment(token: String) -> Result<Ceremony, AppError> {
    Ok(crate::context::context()?.begin_enrollment(&token).await?)
}

/// Stores the passkey of the browser's `RegistrationResponseJSON` and uses the link up.
#[server(input = Json, endpoint = "enrollment/finish")]
pub async fn finish_enrollment(token: String, ceremony: String, response: String) -> Result<Enrolled, AppError> {
    let context = crate::context::context()?;
    let done = context.finish_enrollment(&token, &ceremony, &response).await?;
    if let Some(session) = &done.session {
        crate::context::set_session(session, context.keyroll().is_secure());
    }
    Ok(done.enrolled)
}

/// Tells the administrators that a new link is wanted.
#[server(input = Json, endpoint = "enrollment/ask")]
pub async fn ask_for_link(token: String) -> Result<(), AppError> {
    Ok(crate::context::context()?.ask_for_link(&token).await?)
}
