//! The tenant's realms: listed, made, edited, deleted, and entered.

pub mod dialogs;
pub mod entering;
pub mod menu;
pub mod page;
pub mod server;

pub use menu::RealmMenu;
pub use page::RealmsPage;

/// The list's address.
const LIST: &str = "/settings/realms";
