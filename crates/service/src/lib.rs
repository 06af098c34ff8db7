//! Use cases: everything that Keyroll does, whoever asks for it.
//!
//! Each use case is a method of [`Context`], checks its permission first and changes what it changes in one
//! transaction together with the events that tell of it. After the commit the change is announced to open pages.

mod activity;
mod administrators;
mod api_lists;
mod background;
mod batches;
mod binding_jobs;
mod branding;
mod clock;
mod context;
mod credentials;
mod enrollment;
mod error;
mod event_chain;
mod groups;
mod idempotency;
mod identities;
mod ids;
mod installation;
mod keyroll;
mod limits;
mod live;
mod lockout;
pub mod mail;
mod passkeys;
mod policy;
mod rank;
mod realms;
mod secret;
mod session;
mod sign_in;
mod step_up;
mod themes;
mod tokens;
pub mod webauthn;
mod work;

pub use activity::{Export, ExportFormat};
pub use api_lists::{ApiPage, PageRequest};
pub use background::Background;
pub use batches::BatchResults;
pub use clock::Clock;
pub use context::{Actor, Context, RequestInfo};
pub use credentials::Credential;
pub use enrollment::Finished;
pub use error::{Error, LinkError, Result};
pub use event_chain::{Break, BreakKind, ChainReport};
pub use idempotency::Claim;
pub use installation::FIRST_ADMINISTRATOR;
pub use keyroll::{Keyroll, Settings};
pub use live::{Change, Heard, News};
pub use secret::{Randomness, Secret};
pub use session::{SESSION_LIFETIME, Standing};
pub use sign_in::SignedIn;
pub use storage::{Database, Store};
pub use themes::Theme;
pub use tokens::{ClientError, Issued, Pace, Place};
