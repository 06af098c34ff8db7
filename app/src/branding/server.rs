//! Server functions of the branding page.

use domain::branding::{Branding, BrandingDesk, BrandingDraft, Logo, MailPreview};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// What is in force, and the draft.
#[server(name = ReadBranding, input = Json, endpoint = "branding/get")]
pub async fn branding_desk(live: bool) -> Result<BrandingDesk, AppError> {
    Ok(crate::context::asked(live).await?.branding_desk().await?)
}

/// Keeps the draft in place of the version that it started from, 0 for none.
#[server(input = Json, endpoint = "branding/save-draft")]
pub async fn save_draft(version: i64, branding: Branding) -> Result<BrandingDraft, AppError> {
    Ok(crate::context::asked(false).await?.save_branding_draft(version, branding).await?)
}

/// Ends the draft.
#[server(input = Json, endpoint = "branding/discard-draft")]
pub async fn discard_draft(version: i64) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.discard_branding_draft(version).await?)
}

/// Puts the draft in force.
#[server(name = PublishBranding, input = Json, endpoint = "branding/publish")]
pub async fn publish(version: i64) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.publish_branding(version).await?)
}

/// The mail with sample values, or what is wrong with it.
#[server(input = Json, endpoint = "branding/preview")]
pub async fn preview(branding: Branding) -> Result<MailPreview, AppError> {
    Ok(crate::context::asked(false).await?.preview_branding(branding)?)
}

/// Takes a picture, in base64 (RFC 4648, §4), and makes it safe.
#[server(input = Json, endpoint = "branding/take-logo")]
pub async fn take_logo(base64: String) -> Result<Logo, AppError> {
    Ok(crate::context::asked(false).await?.take_logo(&base64).await?)
}

/// Sends the invitation as it is typed to whoever asks for it; in words where it went.
#[server(name = SendBrandingTest, input = Json, endpoint = "branding/send-test")]
pub async fn send_test(branding: Branding) -> Result<String, AppError> {
    Ok(crate::context::asked(false).await?.send_branding_test(branding).await?)
}
