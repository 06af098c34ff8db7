//! Keyroll's words as types: ids, names, states, policy and permissions.
//!
//! Everything here parses and decides; nothing here does input or output. The crate compiles for the server and for
//! WebAssembly, so that a form in the browser and the use case behind it refuse the same input with the same words.

pub mod aaguid;
pub mod administrator;
pub mod batch;
pub mod binding_job;
pub mod branding;
pub mod ceremony;
pub mod event;
pub mod field;
pub mod filter;
pub mod fold;
pub mod group;
pub mod id;
pub mod identity;
pub mod listing;
pub mod mail;
pub mod passkey;
pub mod permission;
pub mod policy;
pub mod realm;
pub mod record;
pub mod role;
pub mod shell;
pub mod time;
pub mod token;

pub use field::FieldError;
pub use id::{
    ApplicationId, BatchId, BindingJobId, EventId, GroupId, IdentityId, PasskeyId, RealmId, SessionId, TenantId, ThemeId, TokenId,
};
pub use time::Timestamp;
