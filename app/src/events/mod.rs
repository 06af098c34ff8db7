//! Events: what happened, from the audit log.

pub mod page;
pub mod server;
pub mod tab;
mod words;

pub use page::EventsPage;
pub use tab::ActivityTab;
