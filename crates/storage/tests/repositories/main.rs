//! Every repository, on SQLite and on PostgreSQL, each test in a database of its own.

#![expect(clippy::unwrap_used, reason = "clippy knows test functions, but not the bodies and helpers that they share")]

mod access;
mod api_lists;
mod batches;
mod binding_jobs;
mod bulk;
mod ceremonies;
mod db;
mod events;
mod far_matches;
mod filters;
mod groups;
mod identities;
mod kept;
mod list;
mod made;
mod migrations;
mod news;
mod outbox;
mod passkeys;
mod people;
mod policies;
mod races;
mod rate_limits;
mod realms;
mod search;
mod searched_list;
mod seed;
mod sessions;
mod transactions;
mod uniqueness;
