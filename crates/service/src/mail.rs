//! Invitations by mail: written into the outbox with the binding job, sent from there once.

mod files;
mod invite;
mod layout;
mod message;
mod outbox;
mod outcome;
mod post;
mod sender;
mod settings;
mod smtp;
mod template;

pub(crate) use layout::{BUTTON, BUTTON_TEXT, Dress, html};
pub use lettre::message::Mailbox;
pub(crate) use message::day_and_time;
pub use post::Post;
pub use sender::Tried as MailTried;
pub(crate) use sender::run;
pub use settings::{MailSettings, Protection, SmtpServer, Timeouts, Way, WrongMailSetting, mailbox};
pub(crate) use template::{Rendered, Values, rendered};
