//! Tools for tests; nothing of this is ever shipped.
//!
//! [`SoftAuthenticator`] stands in for a browser and the authenticator behind it; [`Place`] is a database of a test's
//! own.

mod authenticator;
mod cbor;
mod ceremony;
mod database;
mod fault;
mod mail_server;

pub use authenticator::{Credential, SoftAuthenticator};
pub use database::{Place, on_postgres, on_sqlite};
pub use fault::{BrowserError, Fault};
pub use mail_server::{Begin, MailServer, Manner, Phase, Received};
