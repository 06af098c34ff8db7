//! API tokens: listed, made, shown once, revoked; and the secret of the realm's application.

pub mod client;
pub mod form;
pub mod page;
pub mod server;

pub use page::TokensPage;
