//! Events: what happened, from the audit log.

pub mod server;
pub mod tab;
mod words;

pub use tab::ActivityTab;
