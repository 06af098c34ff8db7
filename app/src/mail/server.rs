//! Server functions of the mail page.

use domain::BindingJobId;
use domain::mail::{MailDesk, MailFilter, MailPage, OpenedMail};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// How mails leave, and how many stand where.
#[server(name = ReadMailDesk, input = Json, endpoint = "mail/desk")]
pub async fn mail_desk(live: bool) -> Result<MailDesk, AppError> {
    Ok(crate::context::asked(live).await?.mail_desk().await?)
}

/// The outbox, the newest first, older than `before`.
#[server(name = ReadMails, input = Json, endpoint = "mail/list")]
pub async fn mails(filter: Option<MailFilter>, before: Option<BindingJobId>, live: bool) -> Result<MailPage, AppError> {
    Ok(crate::context::asked(live).await?.mails(filter, before).await?)
}

/// A mail that lies in a file.
#[server(input = Json, endpoint = "mail/open")]
pub async fn open_mail(job: BindingJobId) -> Result<OpenedMail, AppError> {
    Ok(crate::context::asked(false).await?.open_mail(job).await?)
}

/// Tries the mail server out; what was found.
#[server(input = Json, endpoint = "mail/check")]
pub async fn check_mail() -> Result<String, AppError> {
    Ok(crate::context::asked(false).await?.check_mail().await?)
}

/// Sends a mail to the signed-in person; where it went.
#[server(input = Json, endpoint = "mail/test")]
pub async fn send_test_mail() -> Result<String, AppError> {
    Ok(crate::context::asked(false).await?.send_test_mail().await?)
}
