//! Binding jobs: handing out a link, and watching it turn into a passkey.

pub mod add;
pub mod card;
pub mod command;
pub mod history;
pub mod list;
pub mod revoke;
pub mod server;
mod words;

pub use add::{AddPasskey, AddPasskeyButton, AddPasskeyDialog};
pub use list::{JobsTab, RealmJobsPage};
