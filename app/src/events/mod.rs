//! Events: what happened, from the audit log.

pub mod export;
pub mod filters;
pub mod lines;
pub mod page;
pub mod query;
pub mod server;
pub mod tab;
mod words;

pub use page::EventsPage;
pub use tab::{ActivityTab, GroupActivityTab};
