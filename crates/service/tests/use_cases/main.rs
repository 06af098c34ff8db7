//! Use cases with a clock that the test sets and seeded randomness, on both databases.

#![expect(clippy::unwrap_used, reason = "clippy knows test functions, but not the bodies and helpers that they share")]

mod administrators;
mod api_lists;
mod background;
mod batches;
mod branding;
mod desk;
mod directory;
mod enrollment;
mod event_chain;
mod groups;
mod impact;
mod installation;
mod invitations;
mod links;
mod listing;
mod lockout;
mod mail;
mod passkeys;
mod permissions;
mod policy;
mod programs;
mod realms;
mod sign_in;
