//! Server functions of signing in and out.

use domain::branding::Appearance;
use domain::ceremony::{Ceremony, Me};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// Whose Keyroll it is, for whoever has not signed in.
#[server(name = ReadAppearance, input = Json, endpoint = "sign-in/appearance")]
pub async fn appearance() -> Result<Appearance, AppError> {
    Ok(crate::context::context()?.appearance().await?)
}

/// Begins a sign-in. The options are the same whoever it will be.
#[server(input = Json, endpoint = "sign-in/begin")]
pub async fn begin_sign_in() -> Result<Ceremony, AppError> {
    Ok(crate::context::context()?.begin_sign_in().await?)
}

/// Finishes it with the browser's `AuthenticationResponseJSON`. Where a username was typed, the passkey has to be that
/// person's.
#[server(input = Json, endpoint = "sign-in/finish")]
pub async fn finish_sign_in(ceremony: String, username: String, response: String) -> Result<Me, AppError> {
    let context = crate::context::context()?;
    let signed_in = context.finish_sign_in(&ceremony, &username, &response).await?;
    crate::context::set_session(&signed_in.token, context.keyroll().is_secure());
    Ok(signed_in.me)
}

/// Notes that the signed-in person has used a passkey of theirs once more: the answer to a ceremony that
/// [`begin_sign_in`] began.
#[server(input = Json, endpoint = "sign-in/confirm")]
pub async fn confirm(ceremony: String, response: String) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.confirm(&ceremony, &response).await?)
}

/// Who is signed in.
#[server(name = ReadMe, input = Json, endpoint = "sign-in/me")]
pub async fn me() -> Result<Me, AppError> {
    Ok(crate::context::asked(true).await?.me().await?)
}

/// Ends this browser's session.
#[server(input = Json, endpoint = "sign-in/end")]
pub async fn sign_out() -> Result<(), AppError> {
    let context = crate::context::context()?;
    context.sign_out().await?;
    crate::context::clear_session(context.keyroll().is_secure());
    Ok(())
}
