//! Branding: in whose name people are written to and received.

mod dom;
pub mod form;
pub mod look;
pub mod page;
pub mod preview;
pub mod server;
pub mod typing;

pub use page::BrandingPage;
