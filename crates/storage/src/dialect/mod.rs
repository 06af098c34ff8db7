//! Where the two databases must differ: both variants side by side, and nowhere else.

mod among;
mod batch;
mod by_id;
mod event;
mod keys;
mod load;
mod lock;
mod notify;
mod outbox;
mod schema;
mod search;

pub(crate) use among::{among, among_in_order, among_texts, hex, ids};
pub(crate) use batch::unfinished_batch;
pub(crate) use by_id::matches_by_id;
pub(crate) use event::{events_matching, index_event, indexed_event, insert_seals, lock_sealing, unindex_removed_events};
pub(crate) use keys::set_keys;
pub(crate) use load::load;
pub(crate) use lock::{Lock, lock, lock_identities};
pub use notify::Listener;
pub(crate) use outbox::due_mail;
pub(crate) use schema::has_migrations;
pub(crate) use search::{Argument, Indexed, contains, index, matching, merge, position, unindex};
