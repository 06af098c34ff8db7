//! Branding: in whose name people are written to and received.

pub mod page;
pub mod server;

pub use page::BrandingPage;
