//! Mail: how invitations leave, what became of them, and inviting many at once.

pub mod card;
pub mod invite;
pub mod page;
pub mod server;

pub use invite::{InviteDialog, Inviting};
pub use page::MailPage;
