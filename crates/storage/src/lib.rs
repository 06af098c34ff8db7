//! The database: SQLite by default, PostgreSQL where its address is given.
//!
//! [`Store`] holds the connection pools, [`Tx`] a transaction with the repositories on it. One SQL text serves both
//! databases; where they must differ, both variants stand in [`dialect`].

#[macro_use]
mod statement;
#[macro_use]
mod tx;

mod access;
mod api_lists;
mod batches;
mod binding_jobs;
mod branding;
mod ceremonies;
mod condition;
mod dialect;
mod error;
mod event_chain;
mod event_list;
mod events;
mod groups;
mod idempotency;
mod identities;
mod identity_list;
mod kinds;
mod logos;
mod outbox;
mod passkeys;
mod policies;
mod rate_limits;
mod realms;
mod roles;
mod sessions;
mod store;
mod tokens;

pub use access::Subject;
pub use api_lists::Stretch;
pub use batches::{ClaimedBatch, NewBatch, PendingItem};
pub use binding_jobs::{JobCursor, NewJob, OpenJob};
pub use branding::PublishedBranding;
pub use ceremonies::{Ceremony, CeremonyKind};
pub use dialect::Listener;
pub use error::{Error, Result};
pub use event_chain::{Chain, Link, Removed, hex};
pub use event_list::EventQuery;
pub use events::NewEvent;
pub use idempotency::{KnownRequest, RequestState};
pub use identities::NewIdentity;
pub use identity_list::{Cursor, Filter, ListQuery, Page, Sort, SortKey};
pub use kinds::{Kind, KindsAsked};
pub use logos::{MailLogo, NewLogo};
pub use outbox::{ClaimedMail, Settled};
pub use passkeys::{NewPasskey, StoredPasskey};
pub use sessions::{ListedSession, NewSession, StoredSession};
pub use store::{Database, Store};
pub use tokens::{NewApiToken, StoredClient, StoredToken};
pub use tx::Tx;
